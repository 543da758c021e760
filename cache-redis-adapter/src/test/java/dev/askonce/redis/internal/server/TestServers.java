package dev.askonce.redis.internal.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.FaultyProxy.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Ways to servers for tests, and what the tests of all topologies send through them. */
public final class TestServers {
  /** Tells a call that hangs from one on a busy machine. */
  static final Duration HANG = Duration.ofSeconds(20);

  private TestServers() {}

  /** With a deadline that a busy machine keeps. */
  public static ServerSettings settings(String uri) {
    return settings(uri, Duration.ofSeconds(5), ReplyLimits.ofValues(1 << 20));
  }

  public static ServerSettings settings(String uri, Duration deadline, ReplyLimits limits) {
    return new ServerSettings(
        RedisAddress.parse(uri),
        Login.NONE,
        Optional.empty(),
        deadline,
        Duration.ofSeconds(1),
        4,
        limits,
        100,
        Duration.ofMillis(200),
        System::nanoTime);
  }

  static byte[] key(int shard, String name) {
    return ("test:" + Shards.tag(shard) + ":" + name).getBytes(UTF_8);
  }

  static byte[] record(int number) {
    return ("record " + number).getBytes(UTF_8);
  }

  static CommandArguments command(Command command, byte[] key, Object... arguments) {
    CommandArguments made = new CommandArguments(command).key(key);
    for (Object argument : arguments) {
      made.add(argument);
    }
    return made;
  }

  /** Adds a record and returns its id; the servers must take it. */
  static StreamId add(Servers servers, int shard, byte[] key, byte[] record) {
    List<Reply> replies =
        servers.pipeline(shard, List.of(Streams.add(key, record))).answer().orElseThrow();
    return Streams.id(replies.getFirst());
  }

  /** Adds a record, trying until the servers take it. */
  static void addAtLast(Servers servers, int shard, byte[] key, byte[] record) {
    Await.until(
        () -> "an added record; " + servers.troubles(),
        () ->
            servers
                .pipeline(shard, List.of(Streams.add(key, record)))
                .answer()
                .filter(replies -> replies.getFirst() instanceof Reply.Value)
                .isPresent());
  }

  /** {@return the records of a stream as the servers have them} */
  static List<String> stored(Servers servers, int shard, byte[] key) {
    List<CommandArguments> command = List.of(Streams.range(key, StreamId.ZERO, StreamId.MAX, 1000));
    List<Reply> replies = servers.pipeline(shard, command).answer().orElseThrow();
    return Streams.range(replies.getFirst(), key, StreamId.ZERO, StreamId.MAX).entries().stream()
        .map(entry -> new String(entry.bytes(), UTF_8))
        .toList();
  }

  /** Two of three chunks pass. */
  static synchronized Fault faultAtRandom(Random random) {
    return switch (random.nextInt(24)) {
      case 0 -> FaultyProxy.CUT;
      case 1 -> FaultyProxy.HALF_THEN_CUT;
      case 2 -> FaultyProxy.STALL;
      case 3 -> FaultyProxy.HALF_THEN_STALL;
      case 4 -> FaultyProxy.TWICE;
      case 5 -> FaultyProxy.say("+OK\r\n");
      case 6 -> FaultyProxy.say("*-1\r\n");
      case 7 -> FaultyProxy.say("*1\r\n*2\r\n$1\r\nx\r\n*0\r\n");
      case 8 -> FaultyProxy.delay(Duration.ofMillis(5));
      default -> FaultyProxy.NONE;
    };
  }

  /** Follows streams of one shard as a subscriber does. */
  static final class Follower implements AutoCloseable {
    final LogReader reader;
    final List<byte[]> keys;
    final List<StreamId> after = new ArrayList<>();
    final List<String> records = new ArrayList<>();
    int connectCount;
    int troubleCount;

    Follower(Servers servers, int shard, byte[]... keys) {
      reader = servers.reader(shard);
      this.keys = List.of(keys);
      this.keys.forEach(key -> after.add(StreamId.ZERO));
    }

    LogReader.Batch read(Duration block) {
      return read(100, block);
    }

    LogReader.Batch read(int count, Duration block) {
      long start = System.nanoTime();
      LogReader.Batch batch = reader.read(keys, after, count, block);
      assertTrue(System.nanoTime() - start < HANG.plus(block).toNanos(), "read hangs");
      for (LogReader.Entry entry : batch.entries()) {
        int stream = keys.indexOf(entry.key());
        assertTrue(entry.id().compareTo(after.get(stream)) > 0, "read again: " + entry.id());
        after.set(stream, entry.id());
        records.add(new String(entry.bytes(), UTF_8));
      }
      connectCount += batch.reconnected() ? 1 : 0;
      troubleCount += batch.trouble().isPresent() ? 1 : 0;
      assertTrue(batch.entries().isEmpty() || (!batch.reconnected() && batch.trouble().isEmpty()));
      return batch;
    }

    void connect() {
      assertEquals(LogReader.Batch.RECONNECTED, read(Duration.ofMillis(1)));
    }

    /** Reads until it has that many records. */
    void await(int count) {
      Await.until(
          () -> count + " records, has " + records + ", troubles " + troubleCount,
          () -> {
            read(Duration.ofMillis(200));
            return records.size() >= count;
          });
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
