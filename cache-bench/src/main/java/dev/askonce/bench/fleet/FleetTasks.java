package dev.askonce.bench.fleet;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.RedisReplication;
import dev.askonce.redis.ReplicationStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * What a process of the fleet is told to do, and answers. Times are those of {@link
 * System#nanoTime}, which is one clock for all processes of a machine where it is the time since
 * its start, as on Linux.
 */
final class FleetTasks {
  private static final long POLL_NANOS = 20_000;
  private static final long WAIT_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);
  private static final long MODEL_MILLIS = 20;
  private static final int LOOKUPS_AT_ONCE = 256;
  private static final int SAMPLES = 2_000;

  private final SemanticCache cache;
  private final RedisReplication replication;

  FleetTasks(SemanticCache cache, RedisReplication replication) {
    this.cache = cache;
    this.replication = replication;
  }

  String run(String[] words) throws InterruptedException {
    return switch (words[0]) {
      case "begin" -> begin(words[1], integer(words[2]));
      case "put" -> put(words[1], integer(words[2]), integer(words[3]), integer(words[4]));
      case "paced" -> paced(words[1], integer(words[2]), Long.parseLong(words[3]));
      case "watch" -> watch(words[1], integer(words[2]));
      case "published" -> published();
      case "await" -> await(Long.parseLong(words[1]));
      case "unfound" -> unfound(words[1], integer(words[2]), integer(words[3]));
      case "unlinked" -> Long.toString(cache.stats().entriesUnlinked());
      case "linked" -> until(() -> cache.stats().entriesUnlinked() == 0);
      case "lag" -> replication.stats().lagMillisP50() + " " + replication.stats().lagMillisP99();
      case "lookups" -> lookups(words[1], integer(words[2]), words[3], Long.parseLong(words[4]));
      case "ask" -> ask(words[1], integer(words[2]), integer(words[3]));
      case "entries" -> Long.toString(cache.stats().entries());
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static int integer(String word) {
    return Integer.parseInt(word);
  }

  private String begin(String name, int scopes) throws InterruptedException {
    for (int scope = 0; scope < scopes; scope++) {
      cache.lookup(Questions.scope(name, scope), Questions.text(0));
    }
    return until(() -> replication.stats().scopesJoining() == 0);
  }

  /** Puts as fast as it goes. {@return when it began and ended, and what waited at the most} */
  private String put(String name, int scopes, int from, int count) {
    long queuedMax = 0;
    long started = System.nanoTime();
    for (int key = from; key < from + count; key++) {
      cache.put(Questions.scope(name, key % scopes), Questions.text(key), Questions.answer(key));
      if (replication != null && key % 1024 == 0) {
        queuedMax = Math.max(queuedMax, replication.stats().queued());
      }
    }
    return started + " " + System.nanoTime() + " " + queuedMax;
  }

  /** Puts one after another, each of which says when. */
  String paced(String name, int count, long intervalNanos) {
    long next = System.nanoTime();
    for (int key = 0; key < count; key++) {
      next += intervalNanos;
      for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      cache.put(Questions.scope(name, 0), Questions.text(key), Questions.answer(System.nanoTime()));
    }
    return "done";
  }

  /** Looks for what is put elsewhere. {@return the times it took, in nanoseconds} */
  private String watch(String name, int count) {
    Histogram nanos = new Histogram(3);
    for (int key = 0; key < count; key++) {
      Optional<Answer> answer;
      while (true) {
        answer = cache.lookup(Questions.scope(name, 0), Questions.text(key)).answer();
        if (answer.isPresent()) {
          break;
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
      nanos.recordValue(Math.max(0, System.nanoTime() - Questions.number(answer.get())));
    }
    return nanos.getValueAtPercentile(50)
        + " "
        + nanos.getValueAtPercentile(99)
        + " "
        + nanos.getMaxValue();
  }

  private String published() throws InterruptedException {
    return until(() -> replication.stats().queued() == 0);
  }

  /** Waits until so many entries of others are here. {@return when that was} */
  private String await(long entries) throws InterruptedException {
    return until(
        () -> {
          ReplicationStats stats = replication.stats();
          return stats.entriesStored() >= entries;
        });
  }

  /** A state that is waited for. */
  private interface State {
    boolean isReached();
  }

  private static String until(State state) throws InterruptedException {
    long deadline = System.nanoTime() + WAIT_NANOS_MAX;
    while (!state.isReached()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not reached within " + WAIT_NANOS_MAX + " ns");
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return Long.toString(System.nanoTime());
  }

  /** {@return how many of a sample are not found, by text and by vector} */
  private String unfound(String name, int scopes, int keys) {
    SplittableRandom random = new SplittableRandom(keys);
    int unfound = 0;
    for (int i = 0; i < SAMPLES; i++) {
      int key = random.nextInt(keys);
      unfound += isAnswer(lookupText(name, scopes, key), key) ? 0 : 1;
      unfound += isAnswer(lookupVector(name, scopes, key), key) ? 0 : 1;
    }
    return Integer.toString(unfound);
  }

  private Lookup lookupText(String name, int scopes, int key) {
    return cache.lookup(Questions.scope(name, key % scopes), Questions.text(key));
  }

  private Lookup lookupVector(String name, int scopes, int key) {
    return cache.lookup(
        Questions.scope(name, key % scopes), Questions.vector(key), LookupOptions.DEFAULTS);
  }

  private static boolean isAnswer(Lookup lookup, int key) {
    return lookup.answer().map(answer -> Questions.number(answer) == key).orElse(false);
  }

  /** {@return lookups that hit, in a second, the making of the questions not counted} */
  private String lookups(String name, int keys, String kind, long millis) {
    boolean byVector = kind.equals("vector");
    SplittableRandom random = new SplittableRandom(keys);
    String[] texts = new String[LOOKUPS_AT_ONCE];
    float[][] vectors = new float[LOOKUPS_AT_ONCE][];
    var scope = Questions.scope(name, 0);
    long hits = 0;
    long spent = 0;
    while (spent < TimeUnit.MILLISECONDS.toNanos(millis)) {
      for (int i = 0; i < LOOKUPS_AT_ONCE; i++) {
        int key = random.nextInt(keys);
        texts[i] = Questions.text(key);
        vectors[i] = byVector ? Questions.vector(key) : null;
      }
      long started = System.nanoTime();
      for (int i = 0; i < LOOKUPS_AT_ONCE; i++) {
        Lookup found =
            byVector
                ? cache.lookup(scope, vectors[i], LookupOptions.DEFAULTS)
                : cache.lookup(scope, texts[i]);
        hits += found.isHit() ? 1 : 0;
      }
      spent += System.nanoTime() - started;
    }
    return Double.toString(hits / (spent / 1e9));
  }

  /**
   * Asks all questions, some at once. {@return model calls, wrong answers, and calls that others
   * may have made as well}
   */
  private String ask(String name, int questions, int threads) throws InterruptedException {
    long uncoordinated = replication.stats().uncoordinated();
    AtomicLong calls = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    try (ExecutorService askers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> asked = new ArrayList<>();
      for (int key = 0; key < questions; key++) {
        int its = key;
        asked.add(
            askers.submit(
                () -> {
                  Answer answer =
                      cache.getOrLoad(
                          Questions.scope(name, 0),
                          Questions.text(its),
                          LookupOptions.DEFAULTS,
                          PutOptions.DEFAULTS,
                          Duration.ofMinutes(1),
                          () -> {
                            calls.incrementAndGet();
                            TimeUnit.MILLISECONDS.sleep(MODEL_MILLIS);
                            return Questions.answer(its);
                          });
                  if (Questions.number(answer) != its) {
                    wrong.incrementAndGet();
                  }
                }));
      }
      for (Future<?> each : asked) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return calls + " " + wrong + " " + (replication.stats().uncoordinated() - uncoordinated);
  }
}
