package dev.askonce.bench.isolation;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.image.Texts;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scopes that ask the same, of which about half have an answer. Scopes differ in one part alone:
 * the tenant, the model, the system prompt, the tools. While they ask, answers are replaced and
 * removed, so that slots go from one scope to another.
 */
public final class Isolation {
  private static final int DIMENSION = 32;

  private static final int FINDINGS_MAX = 20;

  /** Of a thousand operations so many put, and as many invalidate. */
  private static final int CHANGES_PER_MILLE = 15;

  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final Pattern ANSWER =
      Pattern.compile("scope (\\d+) question (\\d+) version (\\d+)");

  private final IsolationSettings settings;
  private final SemanticCache cache;
  private final Progress progress;
  private final List<Scope> scopes = new ArrayList<>();
  private final float[][] vectors;

  /**
   * Versions of what a scope has of a question; 0: nothing ever, negative: nothing since that one
   * was removed. A lock for each scope guards them.
   */
  private final long[][] versions;

  private final ReentrantLock[] locks;
  private final AtomicLong left;
  private final LongAdder hits = new LongAdder();
  private final LongAdder leaks = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder missed = new LongAdder();
  private final AtomicLong nextVersion = new AtomicLong();
  private final LongAdder puts = new LongAdder();
  private final LongAdder invalidations = new LongAdder();
  private final List<String> findings = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param cache an empty one with the {@link #embedder}, and room for all
   */
  public Isolation(IsolationSettings settings, SemanticCache cache, Progress progress) {
    this.settings = settings;
    this.cache = cache;
    this.progress = progress;
    for (int i = 0; i < settings.scopes(); i++) {
      scopes.add(scope(i));
    }
    Texts texts = new Texts(DIMENSION);
    vectors = new float[settings.questions()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = texts.vector(text(i));
    }
    versions = new long[settings.scopes()][settings.questions()];
    locks = new ReentrantLock[settings.scopes()];
    for (int i = 0; i < locks.length; i++) {
      locks[i] = new ReentrantLock();
    }
    left = new AtomicLong(settings.lookups());
  }

  /** {@return a scope that differs from others in one part alone} */
  private static Scope scope(int number) {
    int which = number / 4;
    return switch (number % 4) {
      case 0 -> Scope.tenant("tenant " + which).with("model", "m").with("system", "s");
      case 1 -> Scope.tenant("tenant").with("model", "m " + which).with("system", "s");
      case 2 -> Scope.tenant("tenant").with("model", "m").with("system", "s " + which);
      default ->
          Scope.tenant("tenant").with("model", "m").with("system", "s").with("tools", "" + which);
    };
  }

  private static String text(int question) {
    return "question " + question;
  }

  /** {@return the embedder of a cache that is asked: a text has the same vector in all scopes} */
  public static Embedder embedder() {
    return new Texts(DIMENSION);
  }

  /** Fills the cache and asks. */
  public IsolationReport run() {
    long started = System.nanoTime();
    Random random = new Random(settings.seed());
    for (int scope = 0; scope < settings.scopes(); scope++) {
      for (int question = 0; question < settings.questions(); question++) {
        if (random.nextBoolean()) {
          put(scope, question);
        }
      }
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(settings.threads())) {
      for (int i = 0; i < settings.threads(); i++) {
        Random own = new Random(settings.seed() * 31 + i);
        threads.execute(() -> ask(own));
      }
    }
    return new IsolationReport(
        settings.lookups(),
        hits.sum(),
        leaks.sum(),
        wrong.sum(),
        missed.sum(),
        puts.sum(),
        invalidations.sum(),
        settings.scopes(),
        settings.questions(),
        settings.seed(),
        (System.nanoTime() - started) / 1e9,
        List.copyOf(findings));
  }

  private void ask(Random random) {
    try {
      while (left.getAndDecrement() > 0) {
        int scope = random.nextInt(settings.scopes());
        int question = random.nextInt(settings.questions());
        int dice = random.nextInt(1000);
        if (dice < CHANGES_PER_MILLE) {
          put(scope, question);
        } else if (dice < 2 * CHANGES_PER_MILLE) {
          remove(scope, question);
        }
        lookup(random.nextInt(settings.scopes()), question, random.nextBoolean());
        progress.tell(() -> String.format("%,d lookups left, %,d leaks", left.get(), leaks.sum()));
      }
    } catch (RuntimeException | Error e) {
      wrong.increment();
      find("a call failed: " + e);
    }
  }

  private void lookup(int scope, int question, boolean byText) {
    long before = version(scope, question);
    Lookup lookup =
        byText
            ? cache.lookup(scopes.get(scope), text(question), LookupOptions.DEFAULTS)
            : cache.lookup(scopes.get(scope), vectors[question], LookupOptions.DEFAULTS);
    boolean unchanged = before != UNKNOWN && version(scope, question) == before;
    if (!lookup.isHit()) {
      if (before > 0 && unchanged) {
        missed.increment();
        find("scope " + scope + " question " + question + " missed: " + lookup.missReason());
      }
      return;
    }
    String answer = lookup.answer().orElseThrow().text();
    Matcher matcher = ANSWER.matcher(answer);
    if (matcher.matches() && Integer.parseInt(matcher.group(1)) != scope) {
      leaks.increment();
      find("scope " + scope + " question " + question + " was answered: " + answer);
    } else if (!matcher.matches()
        || Integer.parseInt(matcher.group(2)) != question
        || unchanged && Long.parseLong(matcher.group(3)) != before) {
      wrong.increment();
      find("scope " + scope + " question " + question + " was answered: " + answer);
    } else {
      hits.increment();
    }
  }

  /** {@return what a scope has of a question, {@link #UNKNOWN} while any is being changed} */
  private long version(int scope, int question) {
    ReentrantLock lock = locks[scope];
    if (!lock.tryLock()) {
      return UNKNOWN;
    }
    try {
      return versions[scope][question];
    } finally {
      lock.unlock();
    }
  }

  private void put(int scope, int question) {
    locks[scope].lock();
    try {
      long version = nextVersion.incrementAndGet();
      puts.increment();
      String answer = "scope " + scope + " question " + question + " version " + version;
      boolean stored =
          cache
              .put(scopes.get(scope), text(question), Answer.text(answer), PutOptions.DEFAULTS)
              .isPresent();
      if (stored) {
        versions[scope][question] = version;
      }
    } finally {
      locks[scope].unlock();
    }
  }

  private void remove(int scope, int question) {
    locks[scope].lock();
    try {
      versions[scope][question] = -Math.abs(versions[scope][question]);
      Lookup lookup =
          cache.lookup(scopes.get(scope), text(question), LookupOptions.DEFAULTS.exactOnly(true));
      lookup.hit().ifPresent(hit -> cache.invalidate(hit.id()));
      invalidations.increment();
    } finally {
      locks[scope].unlock();
    }
  }

  private void find(String finding) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(finding);
    }
  }
}
