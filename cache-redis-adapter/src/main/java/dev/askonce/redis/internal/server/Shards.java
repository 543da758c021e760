package dev.askonce.redis.internal.server;

import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The shards that keys are spread over. All keys of a shard carry its hash tag, so that a Cluster
 * keeps them in one slot, on one node, where one blocking read can wait for all of them.
 */
public final class Shards {
  /** More than a Cluster of ours has primaries, and few enough for a connection each. */
  public static final int COUNT = 16;

  private static final int[] SLOTS = new int[COUNT];

  static {
    for (int shard = 0; shard < COUNT; shard++) {
      SLOTS[shard] = JedisClusterCRC16.getSlot(tag(shard));
    }
  }

  private Shards() {}

  /** {@return the part of a key that puts it into the shard, such as {@code {s07}}} */
  public static String tag(int shard) {
    if (shard < 0 || shard >= COUNT) {
      throw new IllegalArgumentException("shard " + shard + " not in 0.." + (COUNT - 1));
    }
    return "{s" + shard / 10 + shard % 10 + "}";
  }

  /** {@return the slot of a Cluster that keys with this shard's tag are in} */
  public static int slot(int shard) {
    return SLOTS[shard];
  }

  /** {@return the slot of a Cluster that this key is in} */
  public static int slotOf(String key) {
    return JedisClusterCRC16.getSlot(key);
  }
}
