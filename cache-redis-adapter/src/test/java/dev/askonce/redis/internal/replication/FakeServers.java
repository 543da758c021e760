package dev.askonce.redis.internal.replication;

import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.LogReader;
import dev.askonce.redis.internal.server.Outcome;
import dev.askonce.redis.internal.server.Reply;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.Shards;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.args.Rawable;

/** A server that takes every command, unless a test says otherwise, and remembers it. */
final class FakeServers implements Servers {
  /**
   * @param words the command and its arguments as text
   */
  record Sent(int shard, List<String> words) {
    boolean is(String command) {
      return words.getFirst().equals(command);
    }
  }

  final List<Sent> sent = new CopyOnWriteArrayList<>();

  /** Which commands are refused. */
  volatile Predicate<Sent> refused = command -> false;

  /** Run before each call. */
  volatile Runnable before = () -> {};

  volatile boolean down;
  private int ids;

  @Override
  public <T> Outcome<T> call(
      int slot, List<CommandArguments> commands, Function<List<Reply>, T> reader) {
    before.run();
    if (down) {
      return new Outcome.Failed<>(RedisTrouble.UNREACHABLE);
    }
    List<Reply> replies = new ArrayList<>();
    for (CommandArguments command : commands) {
      Sent each = new Sent(shard(slot), words(command));
      replies.add(reply(each));
      sent.add(each);
    }
    return new Outcome.Answered<>(reader.apply(replies));
  }

  private static int shard(int slot) {
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      if (Shards.slot(shard) == slot) {
        return shard;
      }
    }
    throw new AssertionError("slot " + slot + " is no shard's");
  }

  private static List<String> words(CommandArguments command) {
    List<String> words = new ArrayList<>();
    for (Rawable argument : command) {
      words.add(new String(argument.getRaw(), StandardCharsets.ISO_8859_1));
    }
    return words;
  }

  private Reply reply(Sent command) {
    if (refused.test(command)) {
      return new Reply.Refusal("OOM command not allowed");
    }
    String value =
        switch (command.words.getFirst()) {
          case "XADD" -> ++ids + "-0";
          case "PING" -> command.words.getLast();
          default -> "OK";
        };
    return new Reply.Value(value.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** {@return how often a command was sent} */
  long count(String command) {
    return sent.stream().filter(each -> each.is(command)).count();
  }

  @Override
  public <T> Optional<T> ask(int slot, CommandArguments command, Function<Object, T> reader) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<List<Primary>> primaries() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean oneReaderServesAll() {
    return true;
  }

  @Override
  public LogReader reader(int shard) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<RedisTrouble, Long> troubles() {
    return Map.of();
  }

  @Override
  public void close() {}
}
