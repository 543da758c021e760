package dev.askonce.optimizer.compress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which prefixes the recent requests of each endpoint share: hashes of growing prefixes, block by
 * block, as a provider's cache keeps them. Holds no text. Thread-safe; a short lock a request.
 */
final class PrefixTracker {
  /** Finer than the 128 tokens of a provider's step. */
  static final int BLOCK_CHARS = 256;

  /** How many requests of an endpoint are recent. */
  static final int RECENT = 64;

  /** What is behind this many blocks, half a million characters, is not looked at. */
  private static final int BLOCKS_MAX = 2_048;

  /** An endpoint is forgotten when this many others were used since. */
  private static final int ENDPOINTS_MAX = 256;

  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** The recent requests of one endpoint. */
  private static final class Recent {
    private final Deque<long[]> requests = new ArrayDeque<>();
    private final Map<Long, Integer> counts = new HashMap<>();
    private long seen;
    private long chars;
    private long sharedChars;
  }

  private final Map<String, Recent> recents =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Recent> eldest) {
          return size() > ENDPOINTS_MAX;
        }
      };

  /**
   * What a request shares with recent ones.
   *
   * @param sharing for each block, how many recent requests have the same text up to its end
   */
  record Shared(int[] sharing) {
    static final Shared NOTHING = new Shared(new int[0]);

    /** {@return how many recent requests have the same text up to the last block before a place} */
    int requests(int chars) {
      int blocks = chars / BLOCK_CHARS;
      return blocks == 0 || blocks > sharing.length ? 0 : sharing[blocks - 1];
    }

    /** {@return how long the prefix is that any recent request shares, in whole blocks} */
    int chars() {
      int blocks = 0;
      while (blocks < sharing.length && sharing[blocks] > 0) {
        blocks++;
      }
      return blocks * BLOCK_CHARS;
    }
  }

  /** Notes a request, and says what it shares with those before it. */
  Shared note(String endpoint, String text) {
    long[] hashes = hashes(text);
    int[] sharing = new int[hashes.length];
    synchronized (recents) {
      Recent recent = recents.computeIfAbsent(endpoint, name -> new Recent());
      for (int i = 0; i < hashes.length; i++) {
        sharing[i] = recent.counts.merge(hashes[i], 1, Integer::sum) - 1;
      }
      recent.requests.add(hashes);
      if (recent.requests.size() > RECENT) {
        for (long hash : recent.requests.remove()) {
          recent.counts.computeIfPresent(hash, (h, count) -> count == 1 ? null : count - 1);
        }
      }
      Shared shared = new Shared(sharing);
      recent.seen++;
      recent.chars += text.length();
      recent.sharedChars += shared.chars();
      return shared;
    }
  }

  Map<String, PrefixStats> stats() {
    Map<String, PrefixStats> stats = new TreeMap<>();
    synchronized (recents) {
      recents.forEach(
          (name, recent) ->
              stats.put(name, new PrefixStats(recent.seen, recent.chars, recent.sharedChars)));
    }
    return stats;
  }

  /** {@return a hash of each prefix that ends with a whole block} */
  private static long[] hashes(String text) {
    long[] hashes = new long[Math.min(BLOCKS_MAX, text.length() / BLOCK_CHARS)];
    char[] chars = new char[BLOCK_CHARS];
    long hash = 0;
    for (int block = 0; block < hashes.length; block++) {
      text.getChars(block * BLOCK_CHARS, (block + 1) * BLOCK_CHARS, chars, 0);
      // Four chars a step: each step waits for the product of the one before.
      for (int i = 0; i < BLOCK_CHARS; i += 4) {
        long four =
            chars[i]
                | (long) chars[i + 1] << 16
                | (long) chars[i + 2] << 32
                | (long) chars[i + 3] << 48;
        hash = (hash ^ four) * PRIME;
        hash ^= hash >>> 29;
      }
      hashes[block] = hash;
    }
    return hashes;
  }
}
