package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random calls against a plain map that says what each must find. */
class CacheModelTest {
  private static final int SEEDS = 200;
  private static final int STEPS = 80;
  private static final int CHECK_EVERY = 20;
  private static final int MEANINGS = 6;
  private static final int WORDINGS = 3;
  private static final float TAU = 0.95f;

  private static final Scope[] SCOPES = {
    Scope.tenant("acme").with("model", "m"),
    Scope.tenant("acme").with("model", "n"),
    Scope.tenant("zeta").with("model", "m"),
    Scope.shared()
  };
  private static final String[] TAGS = {"doc-1", "doc-2", "doc-3"};
  private static final String[] PRINCIPALS = {"", "mary", "john"};

  /** What the map knows of an entry; {@code text} is null where it was put by vector. */
  private record Entry(
      Scope scope,
      String text,
      float[] vector,
      String answer,
      long expires,
      List<String> tags,
      String principal) {}

  @TempDir Path root;

  private final Map<EntryId, Entry> model = new HashMap<>();
  private final List<String> history = new ArrayList<>();
  private CacheHouse house;
  private LocalSemanticCache cache;
  private Random random;

  @Test
  void operations_random_matchMap() throws IOException {
    Long replayed = Long.getLong(TestSeed.PROPERTY);
    long first = replayed != null ? replayed : 1_000;
    for (long seed = first; seed < first + (replayed != null ? 1 : SEEDS); seed++) {
      try {
        run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "replay with -D" + TestSeed.PROPERTY + "=" + seed + "\n" + String.join("\n", history),
            e);
      }
    }
  }

  private void run(long seed) throws IOException {
    random = new Random(seed);
    model.clear();
    history.clear();
    house = new CacheHouse(root.resolve("seed-" + seed));
    house.plainAnswers = seed % 20 != 0;
    house.encrypt(seed % 4 == 1);
    cache = house.open();
    try {
      for (int step = 1; step <= STEPS; step++) {
        step(seed);
        if (step % CHECK_EVERY == 0) {
          checkAll();
        }
      }
    } finally {
      cache.close();
    }
  }

  private void step(long seed) throws IOException {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> putText();
      case 6 -> putVector();
      case 7, 8, 9, 10, 11 -> lookupText();
      case 12 -> lookupVector();
      case 13 -> invalidateOne();
      case 14 -> invalidateMany();
      case 15 -> note("settle", cache::settle);
      case 16, 17 -> advance();
      case 18 -> {
        if (random.nextInt(3) == 0) {
          note("reopen", () -> reopen(house.directory));
        }
      }
      default -> {
        if (random.nextInt(8) == 0) {
          note("reopen a copy", () -> reopenCopy(seed));
        }
      }
    }
  }

  private void note(String what, Runnable operation) {
    history.add(what);
    operation.run();
  }

  private void reopen(Path directory) {
    cache.close();
    cache = house.open(directory);
    requireSize();
  }

  /** As after a kill: the files as they are, without a close. */
  private void reopenCopy(long seed) {
    Path copy = root.resolve("seed-" + seed + "-copy-" + history.size());
    CacheHouse.copy(house.directory, copy);
    LocalSemanticCache opened = house.open(copy);
    cache.close();
    cache = house.open();
    LocalSemanticCache original = cache;
    try {
      cache = opened;
      requireSize();
      lookupText();
      cache.check();
    } finally {
      opened.close();
      cache = original;
    }
  }

  private String anyText() {
    return "meaning" + random.nextInt(MEANINGS) + "#" + random.nextInt(WORDINGS);
  }

  private Scope anyScope() {
    return SCOPES[random.nextInt(SCOPES.length)];
  }

  private PutOptions anyOptions() {
    PutOptions options =
        PutOptions.DEFAULTS.provenance(PRINCIPALS[random.nextInt(PRINCIPALS.length)]);
    if (random.nextBoolean()) {
      options = options.tags(TAGS[random.nextInt(TAGS.length)], TAGS[random.nextInt(3)]);
    }
    return random.nextBoolean()
        ? options.ttl(Duration.ofMillis(1 + random.nextInt(10_000_000)))
        : options;
  }

  private void putText() {
    String text = anyText();
    Scope scope = anyScope();
    put(scope, text, FakeEmbedder.vector(text), anyOptions());
  }

  private void putVector() {
    put(anyScope(), null, FakeEmbedder.vector(anyText()), anyOptions());
  }

  private void put(Scope scope, String text, float[] vector, PutOptions options) {
    String answer = scope + " " + text + " " + history.size();
    history.add("put " + answer + " " + options);
    EntryId id =
        (text == null
                ? cache.put(scope, vector, Answer.text(answer), options)
                : cache.put(scope, text, Answer.text(answer), options))
            .orElseThrow();
    if (text != null) {
      model.values().removeIf(entry -> entry.scope.equals(scope) && text.equals(entry.text));
    }
    long expires = house.clock.millis() + options.ttl().orElse(CacheHouse.HOUR).toMillis();
    Entry entry =
        new Entry(scope, text, vector, answer, expires, options.tags(), options.provenance());
    assertEquals(null, model.put(id, entry), "an id was given twice");
  }

  private boolean isLive(Entry entry) {
    return entry.expires > house.clock.millis();
  }

  private void lookupText() {
    String text = anyText();
    Scope scope = anyScope();
    history.add("lookup " + scope + " " + text);
    Optional<EntryId> exact =
        model.entrySet().stream()
            .filter(known -> known.getValue().scope.equals(scope))
            .filter(known -> text.equals(known.getValue().text) && isLive(known.getValue()))
            .map(Map.Entry::getKey)
            .findFirst();
    Lookup lookup = cache.lookup(scope, text);
    if (exact.isPresent()) {
      Hit hit = lookup.hit().orElseThrow();
      assertEquals(HitKind.EXACT, hit.kind());
      assertEquals(exact.get(), hit.id());
      requireRight(hit, scope);
    } else {
      requireBest(lookup, scope, FakeEmbedder.vector(text));
    }
  }

  private void lookupVector() {
    String text = anyText();
    Scope scope = anyScope();
    history.add("lookup by vector " + scope + " " + text);
    float[] vector = FakeEmbedder.vector(text);
    requireBest(cache.lookup(scope, vector, LookupOptions.DEFAULTS), scope, vector);
  }

  private void requireBest(Lookup lookup, Scope scope, float[] vector) {
    float best =
        (float)
            model.values().stream()
                .filter(entry -> entry.scope.equals(scope) && isLive(entry))
                .mapToDouble(entry -> cosine(entry.vector, vector))
                .max()
                .orElse(-1);
    if (Math.abs(best - TAU) < 1e-4) {
      return;
    }
    assertEquals(best >= TAU, lookup.isHit(), () -> lookup + " but the best is " + best);
    if (lookup.isHit()) {
      Hit hit = lookup.hit().orElseThrow();
      assertEquals(HitKind.SEMANTIC, hit.kind());
      assertEquals(best, hit.cosine(), 1e-5);
      requireRight(hit, scope);
    }
  }

  private void requireRight(Hit hit, Scope scope) {
    Entry entry = model.get(hit.id());
    assertTrue(entry != null, "served an entry that is gone: " + hit);
    assertTrue(isLive(entry), "served an entry whose time is over");
    assertEquals(scope, entry.scope);
    assertEquals(entry.answer, hit.answer().text());
    assertEquals(entry.expires, hit.expires().toEpochMilli());
  }

  private static double cosine(float[] a, float[] b) {
    double cosine = 0;
    for (int i = 0; i < a.length; i++) {
      cosine += (double) a[i] * b[i];
    }
    return cosine;
  }

  private void invalidateOne() {
    if (model.isEmpty() || random.nextInt(5) == 0) {
      history.add("invalidate nothing");
      assertEquals(false, cache.invalidate(new EntryId(99, random.nextInt(9))));
      return;
    }
    List<EntryId> ids = new ArrayList<>(model.keySet());
    EntryId id = ids.get(random.nextInt(ids.size()));
    history.add("invalidate " + id);
    boolean removed = cache.invalidate(id);
    // What is over may have been removed before.
    assertTrue(removed || !isLive(model.get(id)));
    model.remove(id);
  }

  private void invalidateMany() {
    Predicate<Entry> goes;
    long removed;
    switch (random.nextInt(4)) {
      case 0 -> {
        String tag = TAGS[random.nextInt(TAGS.length)];
        history.add("invalidate tag " + tag);
        goes = entry -> entry.tags.contains(tag);
        removed = cache.invalidateTag(tag);
      }
      case 1 -> {
        Scope scope = anyScope();
        history.add("invalidate " + scope);
        goes = entry -> entry.scope.equals(scope);
        removed = cache.invalidateScope(scope);
      }
      case 2 -> {
        String tenant = random.nextBoolean() ? "acme" : "zeta";
        history.add("invalidate tenant " + tenant);
        goes = entry -> entry.scope.tenant().equals(tenant);
        removed = cache.invalidateTenant(tenant);
      }
      default -> {
        String principal = PRINCIPALS[1 + random.nextInt(2)];
        history.add("invalidate provenance " + principal);
        goes = entry -> entry.principal.equals(principal);
        removed = cache.invalidateProvenance(principal);
      }
    }
    long most = model.values().stream().filter(goes).count();
    long least = model.values().stream().filter(goes).filter(this::isLive).count();
    model.values().removeIf(goes);
    assertTrue(removed >= least && removed <= most, removed + " of " + least + " to " + most);
  }

  private void advance() {
    Duration time = Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 9_000_000 : 5_000));
    history.add("advance " + time);
    house.clock.advance(time);
  }

  private void checkAll() {
    history.add("check");
    cache.check();
    requireSize();
    cache.settle();
    cache.check();
    if (house.plainAnswers) {
      assertEquals(cache.stats().entries(), house.answers.size(), "answers without an entry");
    }
  }

  private void requireSize() {
    long live = model.values().stream().filter(this::isLive).count();
    long entries = cache.stats().entries();
    assertTrue(entries >= live && entries <= model.size(), entries + " entries, " + live + " live");
  }
}
