package dev.askonce.engine.internal.policy;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Names the entry to evict: of a sample of the live ones, the one that keeping saves least, by
 * entry or by byte. What it knows is drawn in {@code docs/internals/eviction.md}.
 *
 * <p>Threading: {@link #used} by any thread, without ordering and without waiting: what is lost is
 * a use that would have counted. The rest under the writer's lock.
 */
public final class ValueEviction {
  /*
   * 21 bytes a slot, and 8 to 16 for ghosts once something was evicted. Time is hits and puts: how
   * long an hour is says little about how far a cache has turned over.
   */

  /** Entries that compete for leaving; others were measured, see the page. */
  private static final int SAMPLE = 32;

  /** Entries and ghosts whose class is noted at each put. */
  private static final int OBSERVED = 8;

  private static final int LEARN_REQUESTS_MIN = 256;
  private static final int LEARN_REQUESTS_MAX = 4_096;
  private static final int LEARN_PARTS_OF_TURN = 8;
  private static final int ABSENT = -1;

  private final SplittableRandom random;
  private final UseForecast forecast = new UseForecast();
  private final MeanSaving mean = new MeanSaving();

  /** Shared with lookups: {@link UseWord} and {@link MeanSaving#kind} by slot; kinds the longer. */
  private volatile byte[] kinds = new byte[0];

  private volatile int[] words = new int[0];
  private volatile int tick;

  private float[] savings = new float[0];
  private int[] sizes = new int[0];

  /** The live slots in any order, and where each slot stands there. */
  private int[] slots = new int[0];

  private int[] places = new int[0];
  private int live;
  private long bytes;

  private Ghosts ghosts = new Ghosts(0);
  private long requests;
  private float requestsIntoTick;
  private float requestsToLearn;

  /**
   * @param seed of the samples
   */
  public ValueEviction(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Makes room for slots below {@code capacity}. */
  public void reserve(int capacity) {
    int known = places.length;
    if (capacity > known) {
      savings = Arrays.copyOf(savings, capacity);
      sizes = Arrays.copyOf(sizes, capacity);
      slots = Arrays.copyOf(slots, capacity);
      places = Arrays.copyOf(places, capacity);
      Arrays.fill(places, known, capacity, ABSENT);
      kinds = Arrays.copyOf(kinds, capacity);
      words = Arrays.copyOf(words, capacity);
    }
  }

  /** Notes that an entry was used. */
  public void used(int slot) {
    int[] current = words;
    if (slot < current.length) {
      int word = current[slot];
      int now = tick;
      forecast.used(UseForecast.cell(word, now, kinds[slot]));
      current[slot] = UseWord.used(word, now);
    }
  }

  /** {@return the number of live entries} */
  public int live() {
    return live;
  }

  /** {@return the sum of the sizes of live entries} */
  public long bytes() {
    return bytes;
  }

  /** {@return whether an entry was added and not removed} */
  public boolean knows(int slot) {
    return places[slot] != ABSENT;
  }

  /** {@return the size of a live entry} */
  public int bytes(int slot) {
    assert places[slot] != ABSENT : slot;
    return sizes[slot];
  }

  /**
   * Notes a new entry.
   *
   * @param hash of its text, by which it is known again after it was evicted; 0 where it has none
   * @param savedNanos what a hit saves; 0 where unknown
   * @param size bytes that it takes
   * @param requestsNow hits and puts so far, this one included
   */
  public void added(int slot, long hash, long savedNanos, int size, long requestsNow) {
    assert places[slot] == ABSENT : slot;
    places[slot] = live;
    slots[live++] = slot;
    bytes += size;
    mean.add(savedNanos);
    int kind = mean.kind(savedNanos);
    kinds[slot] = (byte) kind;
    savings[slot] = savedNanos;
    sizes[slot] = size;
    if (requestsNow > requests) {
      advance(requestsNow - requests);
      requests = requestsNow;
    }
    int now = tick;
    int ghost = hash == 0 ? Ghosts.NONE : ghosts.take(hash);
    if (ghost != Ghosts.NONE) {
      // It would have been a hit.
      forecast.used(UseForecast.cell(ghost, now, kind));
    }
    words[slot] = ghost == Ghosts.NONE ? UseWord.first(now) : UseWord.used(ghost, now);
  }

  /** Lets time pass and learns from what came meanwhile. */
  private void advance(float requestsCame) {
    float tickRequests = Math.max(1, live / (float) UseWord.TICKS_PER_TURN);
    requestsIntoTick += requestsCame;
    int ticks = (int) (requestsIntoTick / tickRequests);
    requestsIntoTick -= ticks * tickRequests;
    int now = tick + ticks;
    tick = now;
    observe(now, requestsCame);
    requestsToLearn += requestsCame;
    if (requestsToLearn
        >= Math.clamp(live / LEARN_PARTS_OF_TURN, LEARN_REQUESTS_MIN, LEARN_REQUESTS_MAX)) {
      forecast.learn(requestsToLearn, tickRequests);
      requestsToLearn = 0;
    }
  }

  /** Notes of a few entries and ghosts in which class they are, in place of all. */
  private void observe(int now, float requestsCame) {
    float each = requestsCame * live / OBSERVED;
    for (int i = 0; i < OBSERVED; i++) {
      int slot = slots[random.nextInt(live)];
      int word = UseWord.aged(words[slot], now);
      words[slot] = word;
      forecast.exposed(UseForecast.cell(word, now, kinds[slot]), each);
    }
    each = requestsCame * ghosts.capacity() / OBSERVED;
    for (int i = 0; i < OBSERVED; i++) {
      int at = random.nextInt(ghosts.capacity());
      int word = ghosts.look(at, now);
      if (word != Ghosts.NONE) {
        forecast.exposed(UseForecast.cell(word, now, ghosts.kind(at)), each);
      }
    }
  }

  /** Notes that an entry is gone. */
  public void removed(int slot) {
    int place = places[slot];
    assert place != ABSENT : slot;
    bytes -= sizes[slot];
    int last = slots[--live];
    slots[place] = last;
    places[last] = place;
    places[slot] = ABSENT;
  }

  /**
   * Keeps in mind how an entry was used that is about to be evicted; {@code hash} as when added.
   */
  public void remember(int slot, long hash) {
    if (ghosts.capacity() < live) {
      ghosts = new Ghosts(2 * live);
    }
    if (hash != 0) {
      ghosts.add(hash, words[slot], kinds[slot], tick);
    }
  }

  /** Names an entry as a victim no more unless there is no other. */
  public void spare(int slot) {
    savings[slot] = Float.POSITIVE_INFINITY;
  }

  /**
   * {@return a live slot to evict, or -1 where none is}
   *
   * @param forBytes whether bytes are wanted, not places
   */
  public int victim(boolean forBytes) {
    if (live == 0) {
      return ABSENT;
    }
    int now = tick;
    float meanNanos = mean.nanos();
    int victim = ABSENT;
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < SAMPLE; i++) {
      int slot = slots[random.nextInt(live)];
      float saving = savings[slot] > 0 ? savings[slot] : meanNanos;
      float perUse = forBytes ? saving / sizes[slot] : saving;
      float value = perUse * forecast.index(UseForecast.cell(words[slot], now, kinds[slot]));
      if (victim == ABSENT || value < least) {
        least = value;
        victim = slot;
      }
    }
    return victim;
  }
}
