package dev.askonce.redis.internal.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.askonce.redis.internal.server.Echo;
import dev.askonce.redis.internal.server.LogReader;
import dev.askonce.redis.internal.server.Outcome;
import dev.askonce.redis.internal.server.Reply;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.SetScan;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.StreamId;
import dev.askonce.redis.internal.server.Streams;
import dev.askonce.redis.internal.server.UnsoundReply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * The commands of the replication, each of which is answered, or fails as {@link LinkDown}.
 *
 * <p>Threading: any thread.
 */
final class Commands {
  private final Servers servers;
  private volatile boolean closed;

  Commands(Servers servers) {
    this.servers = servers;
  }

  /** {@return the replies to commands of one shard, none of which is a refusal} */
  List<Reply> all(int shard, List<CommandArguments> commands) throws LinkDown {
    List<Reply> replies = some(shard, commands);
    for (int i = 0; i < replies.size(); i++) {
      if (replies.get(i) instanceof Reply.Refusal refusal) {
        // The rest of it may quote what was sent.
        throw new LinkDown("refused " + commands.get(i).getCommand() + ": " + refusal.word());
      }
    }
    return replies;
  }

  /**
   * {@return the replies to commands of one shard, refusals too} The server repeats a number after
   * them that nobody else was told: replies that were meant for another connection are not believed
   * to be ours.
   */
  List<Reply> some(int shard, List<CommandArguments> commands) throws LinkDown {
    Echo echo = new Echo();
    List<CommandArguments> all = new ArrayList<>(commands);
    all.add(echo.command());
    Outcome<List<Reply>> outcome =
        servers.call(
            Shards.slot(shard),
            all,
            replies -> {
              echo.check(replies.getLast());
              return List.copyOf(replies.subList(0, commands.size()));
            });
    if (outcome instanceof Outcome.Answered<List<Reply>>(List<Reply> replies)) {
      return replies;
    }
    throw new LinkDown(outcome.trouble().orElseThrow());
  }

  /** Ends pieces of work that take many commands, at their next {@link #requireOpen}. */
  void close() {
    closed = true;
  }

  void requireOpen() throws LinkDown {
    if (closed) {
      throw new LinkDown("closed");
    }
  }

  private Reply one(int shard, CommandArguments command) throws LinkDown {
    return all(shard, List.of(command)).getFirst();
  }

  Optional<byte[]> get(int shard, String key) throws LinkDown {
    return one(shard, command(Command.GET, key)).bytes();
  }

  List<Optional<byte[]>> get(int shard, List<String> keys) throws LinkDown {
    List<CommandArguments> commands = new ArrayList<>();
    keys.forEach(key -> commands.add(command(Command.GET, key)));
    return all(shard, commands).stream().map(Reply::bytes).toList();
  }

  void set(int shard, String key, byte[] value, long ttlMillis) throws LinkDown {
    one(shard, command(Command.SET, key).add(value).add(Keyword.PX).add(ttlMillis));
  }

  /** Sets a value where there is none. {@return whether there was none} */
  boolean claim(int shard, String key, String value, long ttlMillis) throws LinkDown {
    return one(
            shard,
            command(Command.SET, key).add(value).add(Keyword.NX).add(Keyword.PX).add(ttlMillis))
        .ok();
  }

  /** Takes a right that nobody holds. {@return who holds it now} */
  Optional<String> take(int shard, String key, String holder, long ttlMillis) throws LinkDown {
    CommandArguments set =
        command(Command.SET, key).add(holder).add(Keyword.NX).add(Keyword.PX).add(ttlMillis);
    return text(all(shard, List.of(set, command(Command.GET, key))).getLast());
  }

  /** {@return who holds a right} */
  Optional<String> holder(int shard, String key) throws LinkDown {
    return text(one(shard, command(Command.GET, key)));
  }

  /** Sets a value where there is one. */
  void renew(int shard, String key, String value, long ttlMillis) throws LinkDown {
    one(shard, command(Command.SET, key).add(value).add(Keyword.XX).add(Keyword.PX).add(ttlMillis));
  }

  /** Prolongs rights, whoever holds them. {@return who does} */
  List<Optional<String>> renew(int shard, List<String> keys, long ttlMillis) throws LinkDown {
    List<CommandArguments> commands = new ArrayList<>();
    for (String key : keys) {
      commands.add(keep(Keys.bytes(key), ttlMillis));
      commands.add(command(Command.GET, key));
    }
    List<Reply> replies = all(shard, commands);
    List<Optional<String>> holders = new ArrayList<>();
    for (int i = 1; i < replies.size(); i += 2) {
      holders.add(text(replies.get(i)));
    }
    return holders;
  }

  private static Optional<String> text(Reply reply) {
    return reply.bytes().map(bytes -> new String(bytes, UTF_8));
  }

  void unlink(int shard, List<String> keys) throws LinkDown {
    List<CommandArguments> commands = new ArrayList<>();
    keys.forEach(key -> commands.add(command(Command.UNLINK, key)));
    if (!commands.isEmpty()) {
      all(shard, commands);
    }
  }

  /** Lets values stay for so long from now. {@return whether all were there} */
  boolean keep(int shard, List<String> keys, long millis) throws LinkDown {
    List<CommandArguments> commands = new ArrayList<>();
    keys.forEach(key -> commands.add(keep(Keys.bytes(key), millis)));
    Reply one = new Reply.Value(1L);
    return commands.isEmpty() || all(shard, commands).stream().allMatch(one::equals);
  }

  /** Shows the records of a stream after one, up to another. */
  void forEach(Subscription stream, StreamId after, StreamId to, Consumer<LogReader.Entry> action)
      throws LinkDown {
    Pages pages = new Pages();
    StreamId last = after;
    boolean isMore = last.compareTo(to) < 0;
    while (isMore) {
      requireOpen();
      StreamId from = last.next();
      Reply reply = one(stream.shard, Streams.range(stream.key, from, to, pages.count()));
      Streams.Range page;
      try {
        page = Streams.range(reply, stream.key, from, to);
      } catch (UnsoundReply e) {
        throw new LinkDown("unsound reply");
      }
      for (LogReader.Entry entry : page.entries()) {
        action.accept(entry);
        last = entry.id();
      }
      isMore = pages.read(page) && last.compareTo(to) < 0;
    }
  }

  /** {@return the last record's id, or ZERO where there is none} */
  StreamId last(Subscription stream) throws LinkDown {
    Reply reply =
        one(
            stream.shard,
            new CommandArguments(Command.XREVRANGE)
                .key(stream.key)
                .add("+")
                .add("-")
                .add(Keyword.COUNT)
                .add(1));
    try {
      List<LogReader.Entry> entries =
          Streams.range(reply, stream.key, StreamId.ZERO, StreamId.MAX).entries();
      return entries.isEmpty() ? StreamId.ZERO : entries.getFirst().id();
    } catch (UnsoundReply e) {
      throw new LinkDown("unsound reply");
    }
  }

  /** {@return of each stream, whether a record is in it} All of one shard. */
  List<Boolean> have(int shard, List<Subscription> streams, List<StreamId> ids) throws LinkDown {
    List<CommandArguments> commands = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      commands.add(Streams.range(streams.get(i).key, ids.get(i), ids.get(i), 1));
    }
    List<Reply> replies = commands.isEmpty() ? List.of() : all(shard, commands);
    List<Boolean> have = new ArrayList<>();
    try {
      for (int i = 0; i < streams.size(); i++) {
        StreamId id = ids.get(i);
        have.add(!Streams.range(replies.get(i), streams.get(i).key, id, id).entries().isEmpty());
      }
    } catch (UnsoundReply e) {
      throw new LinkDown("unsound reply");
    }
    return have;
  }

  /** Removes the records before one. */
  void trim(Subscription stream, StreamId first) throws LinkDown {
    one(
        stream.shard,
        new CommandArguments(Command.XTRIM).key(stream.key).add("MINID").add(first.toString()));
  }

  /** Removes records that were added before a time, by the server's clock, give or take a few. */
  static CommandArguments trimBefore(byte[] key, long millis) {
    return new CommandArguments(Command.XTRIM)
        .key(key)
        .add("MINID")
        .add("~")
        .add(Math.max(0, millis) + "-0");
  }

  /** Removes the oldest records where there are more than so many, give or take a few. */
  static CommandArguments bound(byte[] key, long records) {
    return new CommandArguments(Command.XTRIM).key(key).add("MAXLEN").add("~").add(records);
  }

  static CommandArguments keep(byte[] key, long millis) {
    return new CommandArguments(Command.PEXPIRE).key(key).add(millis);
  }

  void addToSet(int shard, String key, String member, long keepMillis) throws LinkDown {
    all(shard, List.of(command(Command.SADD, key).add(member), keep(Keys.bytes(key), keepMillis)));
  }

  /** {@return the members of a set, asked for a part at a time: there may be very many} */
  Set<String> membersOf(int shard, String key) throws LinkDown {
    Set<String> members = new HashSet<>();
    String cursor = SetScan.BEGIN;
    do {
      try {
        cursor = SetScan.read(one(shard, SetScan.next(key, cursor)), members);
      } catch (UnsoundReply e) {
        throw new LinkDown("unsound reply");
      }
    } while (!cursor.equals(SetScan.BEGIN));
    return members;
  }

  private static CommandArguments command(Command command, String key) {
    return new CommandArguments(command).key(key);
  }
}
