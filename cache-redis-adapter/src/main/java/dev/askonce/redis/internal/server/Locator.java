package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.Set;
import redis.clients.jedis.HostAndPort;

/** A way to learn which servers are primaries now. */
@FunctionalInterface
interface Locator {
  /**
   * {@return what the first server that answers says}
   *
   * @param known nodes heard of before, which may be asked, too
   */
  SlotTable locate(Set<HostAndPort> known) throws Trouble;

  /** Of one server there is nothing to learn. */
  static Locator fixed(SlotTable table) {
    return known -> table;
  }

  /** {@return the trouble of asking several servers: the last one's} */
  static Trouble none(Trouble last) {
    return last == null ? new Trouble(RedisTrouble.UNREACHABLE) : last;
  }
}
