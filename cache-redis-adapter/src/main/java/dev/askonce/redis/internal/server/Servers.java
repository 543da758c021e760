package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;

/**
 * The servers of one installation, whichever way they are arranged: one, one primary watched by
 * Sentinels, or a Cluster.
 *
 * <p>Threading: any number of threads, virtual ones included. Progress: a call returns within the
 * deadline plus one connect timeout; where a node is known to be dead, at once. Nothing of the
 * environment is thrown: it is a counted {@link RedisTrouble}.
 */
public interface Servers extends AutoCloseable {
  /** {@return the way to these servers; none need be up, and nothing is sent yet} */
  static Servers open(ServerSettings settings) {
    return new RoutedServers(settings);
  }

  /**
   * Sends commands to the primary that owns a slot, all before the first reply is waited for.
   *
   * <p>Commands that a Cluster or a demoted primary sends elsewhere are sent there once more, after
   * those that were not: the order across a fail-over or a migration is not kept.
   *
   * @param slot of all keys of the commands; anything in 0..16383 where there are none
   * @param reader given as many replies as commands, in their order; throws {@link UnsoundReply}
   *     for what cannot be replies to these commands
   * @return what {@code reader} made of them, or the trouble; that one of them is a refusal is
   *     counted, too
   */
  <T> Outcome<T> call(int slot, List<CommandArguments> commands, Function<List<Reply>, T> reader);

  /** As {@link #call}, for the keys of one shard and with the replies as they are. */
  default Outcome<List<Reply>> pipeline(int shard, List<CommandArguments> commands) {
    return call(Shards.slot(shard), commands, Function.identity());
  }

  /**
   * Sends one command to the primary that owns a slot.
   *
   * @param reader given the value; throws {@link UnsoundReply} for what cannot be the reply to this
   *     command
   * @return what {@code reader} made of it, or empty after trouble, of which an error in reply is
   *     one
   */
  <T> Optional<T> ask(int slot, CommandArguments command, Function<Object, T> reader);

  /**
   * A server that takes writes.
   *
   * @param slot one that it owns: a call about it goes there, unless the slot moves meanwhile
   */
  record Primary(HostAndPort address, int slot) {}

  /** Asks which servers take writes now. {@return each with a slot of its own, or the trouble} */
  Outcome<List<Primary>> primaries();

  /** {@return whether one reader can wait for the streams of all shards} */
  boolean oneReaderServesAll();

  /**
   * {@return a reader of the streams of one shard, or of all where {@link #oneReaderServesAll}; it
   * connects at its first read}
   */
  LogReader reader(int shard);

  /** {@return how often each trouble occurred; those that never did are absent} */
  Map<RedisTrouble, Long> troubles();

  /** Closes idle connections and readers now, and other connections when their commands end. */
  @Override
  void close();
}
