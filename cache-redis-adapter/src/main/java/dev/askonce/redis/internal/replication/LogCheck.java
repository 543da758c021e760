package dev.askonce.redis.internal.replication;

import dev.askonce.redis.internal.server.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Looks whether logs and snapshots are still there: a server that was flushed, evicts, or took over
 * without the last records does not say so. Threading: one thread.
 */
final class LogCheck {
  /** Asked for with one call. */
  private static final int AT_ONCE = 256;

  /**
   * A record that must be in a log.
   *
   * @param loads of the stream when it was
   */
  record Expected(Subscription stream, StreamId id, int loads) {}

  private final Commands commands;
  private final Keys keys;
  private final Consumer<Subscription> lost;

  /**
   * @param lost told of each stream that lost something
   */
  LogCheck(Commands commands, Keys keys, Consumer<Subscription> lost) {
    this.commands = commands;
    this.keys = keys;
    this.lost = lost;
  }

  /** Looks for all that must be there of these streams. */
  void all(List<Subscription> streams) throws LinkDown {
    List<Expected> expected = new ArrayList<>();
    Map<Integer, List<Subscription>> byShard = new TreeMap<>();
    for (Subscription stream : streams) {
      int loads = stream.loads;
      stream.expected().forEach(id -> expected.add(new Expected(stream, id, loads)));
      if (!stream.isControl()) {
        byShard.computeIfAbsent(stream.shard, s -> new ArrayList<>()).add(stream);
      }
    }
    records(expected);
    for (Expected each : expected) {
      if (each.id.equals(each.stream.link)) {
        each.stream.link = null;
      }
    }
    for (Map.Entry<Integer, List<Subscription>> shard : byShard.entrySet()) {
      snapshots(shard.getKey(), shard.getValue());
    }
  }

  /** Looks for records. */
  void records(List<Expected> expected) throws LinkDown {
    Map<Integer, List<Expected>> byShard = new TreeMap<>();
    expected.forEach(
        each -> byShard.computeIfAbsent(each.stream.shard, s -> new ArrayList<>()).add(each));
    for (Map.Entry<Integer, List<Expected>> shard : byShard.entrySet()) {
      List<Expected> all = shard.getValue();
      for (int from = 0; from < all.size(); from += AT_ONCE) {
        records(shard.getKey(), all.subList(from, Math.min(all.size(), from + AT_ONCE)));
      }
    }
  }

  private void records(int shard, List<Expected> some) throws LinkDown {
    List<Subscription> streams = some.stream().map(Expected::stream).toList();
    List<Boolean> have = commands.have(shard, streams, some.stream().map(Expected::id).toList());
    for (int i = 0; i < some.size(); i++) {
      if (!have.get(i)) {
        lost(some.get(i).stream, some.get(i).loads);
      }
    }
  }

  /** A snapshot that was seen must be there until there is another. */
  private void snapshots(int shard, List<Subscription> streams) throws LinkDown {
    for (int from = 0; from < streams.size(); from += AT_ONCE) {
      List<Subscription> some = streams.subList(from, Math.min(streams.size(), from + AT_ONCE));
      int[] loads = some.stream().mapToInt(stream -> stream.loads).toArray();
      List<String> names = some.stream().map(stream -> keys.manifest(stream.scope())).toList();
      List<Optional<byte[]>> found = commands.get(shard, names);
      for (int i = 0; i < some.size(); i++) {
        if (found.get(i).isPresent()) {
          some.get(i).hasSnapshot = true;
        } else if (some.get(i).hasSnapshot) {
          lost(some.get(i), loads[i]);
        }
      }
    }
  }

  private void lost(Subscription stream, int loads) {
    // What was expected before the log was read anew need not be there.
    if (stream.loads == loads && stream.isTailed()) {
      lost.accept(stream);
    }
  }
}
