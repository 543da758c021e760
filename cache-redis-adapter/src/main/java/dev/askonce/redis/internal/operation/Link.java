package dev.askonce.redis.internal.operation;

import dev.askonce.engine.CacheException;
import dev.askonce.redis.internal.server.Outcome;
import dev.askonce.redis.internal.server.Reply;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.Shards;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Commands that are answered or throw {@link CacheException.ServerUnavailable}. Errors name a
 * server and the first word of a refusal, and nothing that was sent.
 */
public final class Link {
  /** Commands sent before the first reply is waited for. */
  static final int AT_ONCE = 256;

  private final Servers servers;

  public Link(Servers servers) {
    this.servers = servers;
  }

  List<Servers.Primary> primaries() {
    return answer(servers.primaries());
  }

  private <T> T answer(Outcome<T> outcome) {
    return outcome
        .answer()
        .orElseThrow(
            () ->
                new CacheException.ServerUnavailable(
                    servers
                        + ": "
                        + meaning(outcome)
                        + "; is the server up, and the login right?"));
  }

  private static String meaning(Outcome<?> outcome) {
    return switch (outcome.trouble().orElseThrow()) {
      case TIMEOUT, BUSY -> "no answer in time";
      case UNREACHABLE, CIRCUIT_OPEN -> "no connection";
      case BROKEN -> "the connection broke";
      case ERROR_REPLY -> "refused, or not arranged as the URI says";
      case UNDECODABLE -> "an answer that is not Redis's";
      case INTERRUPTED -> "interrupted";
    };
  }

  /** The first word, and what to do. The rest may quote what was sent. */
  private static String meaning(Reply.Refusal refusal) {
    return refusal.word()
        + switch (refusal.word()) {
          case "NOPERM" -> "; the user may not do this: see its ACL";
          case "OOM" -> "; it is full: raise maxmemory";
          case "LOADING", "CLUSTERDOWN", "BUSY", "TRYAGAIN", "MASTERDOWN" -> "; try again";
          default -> "";
        };
  }

  /** {@return the replies to commands about one slot, none of which is a refusal} */
  List<Reply> all(int slot, List<CommandArguments> commands) {
    List<Reply> replies = answer(servers.call(slot, commands, Function.identity()));
    for (int i = 0; i < replies.size(); i++) {
      if (replies.get(i) instanceof Reply.Refusal refusal) {
        throw new CacheException.ServerUnavailable(
            servers + " refused " + commands.get(i).getCommand() + ": " + meaning(refusal));
      }
    }
    return replies;
  }

  Reply one(int slot, CommandArguments command) {
    return all(slot, List.of(command)).getFirst();
  }

  Optional<byte[]> get(String key) {
    return one(Shards.slotOf(key), new CommandArguments(Command.GET).key(key)).bytes();
  }

  /** {@return the number that each key's command gives} */
  List<Long> numbers(List<String> keys, Function<String, CommandArguments> command) {
    Map<Integer, List<Integer>> bySlot = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      bySlot.computeIfAbsent(Shards.slotOf(keys.get(i)), s -> new ArrayList<>()).add(i);
    }
    Long[] numbers = new Long[keys.size()];
    bySlot.forEach(
        (slot, indexes) -> {
          for (int from = 0; from < indexes.size(); from += AT_ONCE) {
            List<Integer> some = indexes.subList(from, Math.min(indexes.size(), from + AT_ONCE));
            List<Reply> replies =
                all(slot, some.stream().map(i -> command.apply(keys.get(i))).toList());
            for (int i = 0; i < some.size(); i++) {
              numbers[some.get(i)] =
                  replies.get(i) instanceof Reply.Value(Long number) ? number : 0L;
            }
          }
        });
    return List.of(numbers);
  }

  /** Deletes keys. {@return how many of them were there} */
  long unlink(List<String> keys) {
    return numbers(keys, key -> new CommandArguments(Command.UNLINK).key(key)).stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  static String text(Object bytes) {
    return bytes instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : "";
  }
}
