package dev.askonce.optimizer.embed;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.chat.ChatException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A text that is asked for is in one of four places, under one lock:
 *
 *   recent ◀── pending, running: somebody computes it; who wants it waits for him
 *              pending, queued:  nobody does yet; whoever finds a free run takes all that are queued
 *                                in one call, his own first
 *
 * While fewer runs than allowed are under way, a caller computes his own text at once: a lone caller
 * gains nothing and loses nothing. Only when the model is busy anyway do texts collect.
 */
/**
 * An embedder that computes each text once: the vectors of the last texts are kept, so that cache
 * and router share one; callers of equal texts at one time share one computation; and texts that
 * have to wait, since the model is busy, are computed in one {@link Embedder#embedAll}.
 *
 * <p>Thread-safe. Vectors are shared: nobody changes them. Errors and deadlines are the inner
 * embedder's; one that a caller's own text did not cause does not reach him. Kept texts are in
 * memory in the clear, until newer ones take their places or it is closed.
 */
public final class SharedEmbedder implements Embedder {
  private static final long CHARS_PER_TEXT = 4096;

  /** A text that somebody wants and nobody has. */
  private static final class Pending {
    final String text;
    boolean running;
    Embedding embedding;

    Pending(String text) {
      this.text = text;
    }
  }

  private final Embedder inner;
  private final RecentTexts recent;
  private final int runsMax;
  private final int batchMax;
  private final LongAdder remembered = new LongAdder();
  private final LongAdder shared = new LongAdder();
  private final LongAdder merged = new LongAdder();
  private final LongAdder computed = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Pending> pending = new HashMap<>();
  private final List<Pending> queued = new ArrayList<>();
  private int runs;
  private int waiting;

  private SharedEmbedder(Builder builder) {
    inner = builder.inner;
    recent = new RecentTexts(builder.textsMax, builder.textsMax * CHARS_PER_TEXT);
    runsMax = builder.runsMax;
    batchMax = builder.batchMax;
  }

  /**
   * What it was asked for and did.
   *
   * @param remembered texts whose vector was there
   * @param shared texts that another caller was computing
   * @param merged texts computed in one call with others
   * @param computed all texts computed
   */
  public record Counts(long remembered, long shared, long merged, long computed) {}

  /**
   * {@return an embedder with default settings}
   *
   * @param inner closed with it
   */
  public static SharedEmbedder of(Embedder inner) {
    return builder(inner).build();
  }

  public static Builder builder(Embedder inner) {
    return new Builder(inner);
  }

  @Override
  public int dimension() {
    return inner.dimension();
  }

  /** {@return the inner embedder's: the vectors are the same} */
  @Override
  public String fingerprint() {
    return inner.fingerprint();
  }

  public Counts counts() {
    return new Counts(remembered.sum(), shared.sum(), merged.sum(), computed.sum());
  }

  /** {@return callers that wait for another's run, now} */
  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Embedding embed(String text, Duration timeout) throws TimeoutException {
    Embedding known = recent.find(text);
    if (known != null) {
      remembered.increment();
      return known;
    }
    // A quarter of the range, so that a deadline never wraps.
    long nanos = Math.max(0, saturated(timeout));
    return wait(text, System.nanoTime() + nanos);
  }

  private static long saturated(Duration timeout) {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE / 4);
    return timeout.compareTo(longest) > 0 ? Long.MAX_VALUE / 4 : timeout.toNanos();
  }

  private Embedding wait(String text, long deadline) throws TimeoutException {
    boolean joined = false;
    while (true) {
      List<Pending> batch;
      lock.lock();
      try {
        Pending mine = pending.get(text);
        if (mine == null) {
          Embedding known = recent.find(text);
          if (known != null) {
            return known;
          }
          mine = new Pending(text);
          pending.put(text, mine);
          joined = true;
          queued.add(mine);
        } else if (!joined) {
          joined = true;
          shared.increment();
        }
        batch = mine.running || runs >= runsMax ? List.of() : take(mine);
        if (batch.isEmpty()) {
          Embedding done = await(mine, deadline);
          if (done != null) {
            return done;
          }
          continue;
        }
      } finally {
        lock.unlock();
      }
      Embedding done = run(batch, deadline);
      if (done != null) {
        return done;
      }
    }
  }

  /** {@return the texts of one run: the caller's own and others that wait} */
  private List<Pending> take(Pending mine) {
    List<Pending> batch = new ArrayList<>();
    queued.remove(mine);
    batch.add(mine);
    while (!queued.isEmpty() && batch.size() < batchMax) {
      batch.add(queued.removeFirst());
    }
    batch.forEach(one -> one.running = true);
    runs++;
    return batch;
  }

  /** {@return the embedding, or null where something changed and the caller looks again} */
  private Embedding await(Pending mine, long deadline) throws TimeoutException {
    long left = deadline - System.nanoTime();
    try {
      if (left <= 0) {
        throw new TimeoutException("no vector in time");
      }
      waiting++;
      try {
        changed.await(left, TimeUnit.NANOSECONDS);
      } finally {
        waiting--;
      }
      return mine.embedding;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for a vector");
    } finally {
      if (mine.embedding == null && !mine.running && deadline - System.nanoTime() <= 0) {
        // Whoever else wants it puts it back.
        pending.remove(mine.text, mine);
        queued.remove(mine);
        changed.signalAll();
      }
    }
  }

  /**
   * {@return the embedding of the batch's first text, or null where the others were in its way}
   *
   * @throws TimeoutException if the first text's own time is over
   */
  private Embedding run(List<Pending> batch, long deadline) throws TimeoutException {
    List<Embedding> embeddings = null;
    boolean alone = batch.size() == 1;
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    try {
      embeddings =
          alone
              ? List.of(inner.embed(batch.get(0).text, left))
              : inner.embedAll(batch.stream().map(one -> one.text).toList(), left);
      computed.add(batch.size());
      merged.add(alone ? 0 : batch.size());
    } catch (TimeoutException | RuntimeException e) {
      if (alone || e instanceof CancellationException || e instanceof TimeoutException) {
        throw e;
      }
    } finally {
      end(batch, embeddings);
    }
    if (embeddings != null) {
      return embeddings.get(0);
    }
    // One of the texts may be at fault: each is asked by itself.
    Duration rest = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    Embedding own = inner.embed(batch.get(0).text, rest);
    computed.increment();
    recent.add(batch.get(0).text, own);
    return own;
  }

  private void end(List<Pending> batch, List<Embedding> embeddings) {
    lock.lock();
    try {
      runs--;
      for (int i = 0; i < batch.size(); i++) {
        Pending one = batch.get(i);
        pending.remove(one.text, one);
        one.running = false;
        if (embeddings != null) {
          one.embedding = embeddings.get(i);
          recent.add(one.text, one.embedding);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** {@inheritDoc} Those that are known are not asked for again. */
  @Override
  public List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
    Map<String, Embedding> known = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (String text : texts) {
      if (!known.containsKey(text)) {
        Embedding embedding = recent.find(text);
        known.put(text, embedding);
        if (embedding == null) {
          missing.add(text);
        } else {
          remembered.increment();
        }
      }
    }
    if (!missing.isEmpty()) {
      List<Embedding> fresh = inner.embedAll(missing, timeout);
      computed.add(missing.size());
      for (int i = 0; i < missing.size(); i++) {
        known.put(missing.get(i), fresh.get(i));
        recent.add(missing.get(i), fresh.get(i));
      }
    }
    return texts.stream().map(known::get).toList();
  }

  /** Closes the inner embedder and forgets the texts. */
  @Override
  public void close() {
    recent.clear();
    inner.close();
  }

  /** The settings of a shared embedder. Not thread-safe. */
  public static final class Builder {
    private final Embedder inner;
    private int textsMax = 1_024;
    private int runsMax = Runtime.getRuntime().availableProcessors();
    private int batchMax = 32;

    private Builder(Embedder inner) {
      this.inner = inner;
    }

    /**
     * How many texts to keep the vectors of, from 0; of 4,096 characters on average. Default 1,024.
     */
    public Builder textsMax(int value) {
      textsMax = require(value, 0, "textsMax");
      return this;
    }

    /** How many calls of the inner embedder make it busy, from 1. Default: one a processor. */
    public Builder runsMax(int value) {
      runsMax = require(value, 1, "runsMax");
      return this;
    }

    /** The most texts in one call, from 1. Default 32. */
    public Builder batchMax(int value) {
      batchMax = require(value, 1, "batchMax");
      return this;
    }

    private static int require(int value, int min, String setting) {
      if (value < min) {
        throw new ChatException.InvalidSetting(setting + " " + value + " is below " + min);
      }
      return value;
    }

    public SharedEmbedder build() {
      return new SharedEmbedder(this);
    }
  }
}
