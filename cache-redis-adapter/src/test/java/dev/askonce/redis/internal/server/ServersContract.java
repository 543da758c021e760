package dev.askonce.redis.internal.server;

import static dev.askonce.redis.internal.server.TestServers.add;
import static dev.askonce.redis.internal.server.TestServers.command;
import static dev.askonce.redis.internal.server.TestServers.key;
import static dev.askonce.redis.internal.server.TestServers.record;
import static dev.askonce.redis.internal.server.TestServers.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.TestServers.Follower;
import dev.askonce.redis.rig.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** What holds for every topology while all is well. */
@Timeout(120)
abstract class ServersContract {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static int names;

  /** Another one for each test, so that no server need be flushed. */
  private final String name = getClass().getSimpleName() + names++;

  Servers servers;

  /** {@return the address of servers that are up} */
  abstract String uri();

  @BeforeEach
  void open() {
    servers = Servers.open(TestServers.settings(uri()));
  }

  @AfterEach
  void close() {
    servers.close();
  }

  @Test
  void pipeline_everyShard_repliesInOrder() {
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      byte[] key = key(shard, name);
      List<Reply> replies =
          servers
              .pipeline(
                  shard,
                  List.of(
                      command(Command.SET, key, "1"),
                      command(Command.GET, key),
                      command(Command.XADD, key, "*", "r", "x"),
                      command(Command.INCR, key),
                      command(Command.GET, key(shard, name + "absent"))))
              .answer()
              .orElseThrow();
      assertTrue(replies.get(0).ok());
      assertArrayEquals(new byte[] {'1'}, replies.get(1).bytes().orElseThrow());
      assertTrue(replies.get(2) instanceof Reply.Refusal refusal && refusal.is("WRONGTYPE"));
      assertEquals(new Reply.Value(2L), replies.get(3));
      assertEquals(new Reply.Value(null), replies.get(4));
    }
    assertEquals(
        Map.of(RedisTrouble.ERROR_REPLY, (long) Shards.COUNT),
        servers.troubles(),
        "one of each call was refused");
  }

  @Test
  void pipeline_moreThanTheBuffersHold_repliesToAll() {
    byte[] key = key(3, name);
    List<CommandArguments> commands = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      commands.add(command(Command.APPEND, key, "x".repeat(100)));
      commands.add(command(Command.GETRANGE, key, "0", "999"));
    }
    List<Reply> replies = servers.pipeline(3, commands).answer().orElseThrow();
    assertEquals(4000, replies.size());
    assertEquals(new Reply.Value(200_000L), replies.get(3998));
    assertEquals(Map.of(), servers.troubles());
  }

  @Test
  void ask_errorInReply_isCountedTrouble() {
    byte[] key = key(1, name);
    add(servers, 1, key, record(1));
    assertEquals(
        Optional.empty(),
        servers.ask(Shards.slot(1), command(Command.GET, key), reply -> "a value"));
    assertEquals(Map.of(RedisTrouble.ERROR_REPLY, 1L), servers.troubles());
  }

  @Test
  void call_readerThatRejects_isCountedTroubleAndTheConnectionIsNotUsedAgain() {
    byte[] key = key(1, name);
    Outcome<String> outcome =
        servers.call(
            Shards.slot(1),
            List.of(command(Command.GET, key)),
            replies -> {
              throw new UnsoundReply("test");
            });
    assertEquals(Optional.of(RedisTrouble.UNDECODABLE), outcome.trouble());
    assertEquals(Map.of(RedisTrouble.UNDECODABLE, 1L), servers.troubles());
  }

  @Test
  void range_parts_areInOrder() {
    byte[] key = key(5, name);
    List<StreamId> ids = new ArrayList<>();
    IntStream.range(0, 10).forEach(i -> ids.add(add(servers, 5, key, record(i))));
    List<Reply> replies =
        servers
            .pipeline(5, List.of(Streams.range(key, ids.get(3), ids.get(8), 4)))
            .answer()
            .orElseThrow();
    Streams.Range range = Streams.range(replies.getFirst(), key, ids.get(3), ids.get(8));
    assertEquals(
        List.of("record 3", "record 4", "record 5", "record 6"),
        range.entries().stream().map(entry -> new String(entry.bytes(), UTF_8)).toList());
    assertEquals(10, stored(servers, 5, key).size());
  }

  @Test
  void read_recordsThatAreThere_returnsThemAtOnce() {
    byte[] first = key(2, name + "a");
    byte[] second = key(2, name + "b");
    try (Follower follower = new Follower(servers, 2, first, key(2, name), second)) {
      follower.connect();
      IntStream.range(0, 5).forEach(i -> add(servers, 2, second, record(i)));
      add(servers, 2, first, record(9));
      LogReader.Batch batch = follower.read(LONG);
      assertSame(first, batch.entries().getFirst().key());
      follower.await(6);
      assertEquals(
          List.of("record 9", "record 0", "record 1", "record 2", "record 3", "record 4"),
          follower.records);
      assertEquals(1, follower.connectCount);
    }
    assertEquals(Map.of(), servers.troubles());
  }

  @Test
  void read_nothingAdded_returnsNothingWhenTheTimeIsOver() {
    try (Follower follower = new Follower(servers, 2, key(2, name))) {
      follower.connect();
      assertEquals(LogReader.Batch.NOTHING, follower.read(Duration.ofMillis(50)));
    }
    assertEquals(Map.of(), servers.troubles());
  }

  @Test
  void read_blocked_isWokenByARecord() throws Exception {
    byte[] key = key(4, name);
    try (Follower follower = new Follower(servers, 4, key)) {
      follower.connect();
      Future<LogReader.Batch> read = CompletableFuture.supplyAsync(() -> follower.read(LONG));
      awaitBlocked(read);
      add(servers, 4, key, record(1));
      assertEquals(1, read.get().entries().size());
      assertEquals(List.of("record 1"), follower.records);
    }
  }

  @Test
  void read_blocked_isWoken() throws Exception {
    try (Follower follower = new Follower(servers, 4, key(4, name))) {
      follower.connect();
      for (int i = 0; i < 20; i++) {
        Future<LogReader.Batch> read = CompletableFuture.supplyAsync(() -> follower.read(LONG));
        if (i % 2 == 0) {
          awaitBlocked(read);
        }
        follower.reader.wake();
        assertEquals(LogReader.Batch.NOTHING, read.get());
      }
      assertEquals(1, follower.connectCount);
    }
    assertEquals(Map.of(), servers.troubles());
  }

  @Test
  void read_blocked_endsWhenTheReaderIsClosed() throws Exception {
    Follower follower = new Follower(servers, 4, key(4, name));
    follower.connect();
    Future<LogReader.Batch> read = CompletableFuture.supplyAsync(() -> follower.read(LONG));
    awaitBlocked(read);
    follower.close();
    assertTrue(read.get().trouble().isPresent());
    assertTrue(follower.read(LONG).trouble().isPresent());
  }

  /** {@return how many clients wait in a blocking command, on all servers} */
  abstract int blockedCount();

  private void awaitBlocked(Future<?> read) {
    Await.until("a blocked read", () -> read.isDone() || blockedCount() > 0);
  }

  @Test
  void read_moreThanAReplyHolds_losesNothing() {
    ReplyLimits small = new ReplyLimits(10_000, 20_000);
    byte[][] keys = IntStream.range(0, 7).mapToObj(i -> key(6, name + i)).toArray(byte[][]::new);
    try (Servers limited = Servers.open(TestServers.settings(uri(), Duration.ofSeconds(5), small));
        Follower follower = new Follower(limited, 6, keys)) {
      for (byte[] key : keys) {
        List<CommandArguments> commands = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          commands.add(Streams.add(key, "x".repeat(1 + i * 200).getBytes(UTF_8)));
        }
        commands.add(Streams.add(key, new byte[10_001]));
        servers.pipeline(6, commands).answer().orElseThrow();
      }
      follower.connect();
      follower.await(7 * 41);
      assertEquals(7 * 41, follower.records.size());
      assertEquals(7, follower.records.stream().filter(String::isEmpty).count());
      assertEquals(0, follower.troubleCount);
    }
  }

  @Test
  void read_recordOfAnotherShape_isEmpty() {
    byte[] key = key(7, name);
    List<CommandArguments> foreign =
        List.of(
            command(Command.XADD, key, "*", "other", "x"),
            command(Command.XADD, key, "*", "r", "x", "s", "y"));
    servers.pipeline(7, foreign).answer().orElseThrow();
    try (Follower follower = new Follower(servers, 7, key)) {
      follower.connect();
      follower.await(2);
      assertEquals(List.of("", ""), follower.records);
    }
  }
}
