package dev.askonce.engine.internal.cache;

import dev.askonce.bench.image.HeapFrames;
import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.bench.image.Texts;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Calls of a cache, one a byte and its arguments behind it, against {@link KnownEntries}: puts,
 * lookups, invalidations, time, a full cache that evicts, reopening in order and as after a kill.
 */
public final class OperationsTarget implements Target {
  private static final int OPERATIONS_MAX = 96;
  private static final int ENTRIES_MAX = 8;
  private static final int TEXTS = 6;
  private static final int TAGS = 3;
  private static final Duration TTL = Duration.ofHours(1);
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Scope[] SCOPES = {
    Scope.tenant("acme").with("model", "m"),
    Scope.tenant("acme").with("model", "n"),
    Scope.tenant("zeta").with("model", "m"),
  };
  private static final String[] PRINCIPALS = {"", "mary", "john"};

  private final Texts texts = new Texts(8);
  private final Path root = MemoryFolder.create("askonce-fuzz-").path();
  private final StoreImage nothing = new StoreImage(new TreeMap<>());

  public OperationsTarget() throws IOException {}

  @Override
  public void run(byte[] bytes) throws IOException {
    Path directory = root.resolve("store");
    nothing.write(directory);
    new Run(directory, new Input(bytes)).run();
  }

  /** One input's calls. */
  private final class Run {
    private final Path directory;
    private final Input input;
    private final KnownEntries known = new KnownEntries();
    private final HeapFrames frames = new HeapFrames();
    private long millis = BEGIN.toEpochMilli();
    private LocalSemanticCache cache;

    Run(Path directory, Input input) {
      this.directory = directory;
      this.input = input;
    }

    void run() throws IOException {
      cache = open(directory, frames);
      try {
        for (int i = 0; i < OPERATIONS_MAX && !input.isEmpty(); i++) {
          step(i);
        }
        cache.check();
        askAll(cache, known);
        cache.settle();
        cache.check();
        Target.require(cache.stats().entries() <= ENTRIES_MAX, "more entries than there may be");
        Target.require(frames.frames().size() == cache.stats().entries(), "orphaned answers");
      } finally {
        cache.close();
      }
    }

    private void step(int number) throws IOException {
      switch (input.next(16)) {
        case 0, 1, 2, 3 -> put(number);
        case 4 -> putVector(number);
        case 5, 6, 7 -> ask(cache, known, anyScope(), anyText());
        case 8 -> askVector(cache, known, anyScope(), anyText());
        case 9 -> invalidateOne();
        case 10 -> invalidateMany();
        case 11, 12 -> millis += (long) input.next() * input.next() * 100;
        case 13 -> cache.settle();
        case 14 -> reopen();
        default -> openAsAfterKill();
      }
    }

    private Scope anyScope() {
      return SCOPES[input.next(SCOPES.length)];
    }

    private String anyText() {
      return "text " + input.next(TEXTS);
    }

    private PutOptions anyOptions() {
      PutOptions options =
          PutOptions.DEFAULTS
              .provenance(PRINCIPALS[input.next(PRINCIPALS.length)])
              .savedNanoDollars((long) input.next() * 1000);
      int tags = input.next(TAGS + 1);
      if (tags > 0) {
        options = options.tags("tag 0", "tag " + (tags - 1));
      }
      int ttl = input.next();
      return ttl > 0 ? options.ttl(Duration.ofSeconds(ttl * 30L)) : options;
    }

    private void put(int number) {
      Scope scope = anyScope();
      String text = anyText();
      PutOptions options = anyOptions();
      Answer answer = Answer.text(number + " " + text);
      Optional<EntryId> id = cache.put(scope, text, answer, options);
      known.put(id.orElseThrow(), scope, text, text, answer, expires(options), options);
    }

    private void putVector(int number) {
      Scope scope = anyScope();
      String text = anyText();
      PutOptions options = anyOptions();
      Answer answer = Answer.text(number + " by vector " + text);
      Optional<EntryId> id = cache.put(scope, texts.vector(text), answer, options);
      known.put(id.orElseThrow(), scope, null, text, answer, expires(options), options);
    }

    private long expires(PutOptions options) {
      return millis + options.ttl().orElse(TTL).toMillis();
    }

    private void ask(LocalSemanticCache asked, KnownEntries model, Scope scope, String text) {
      model.check(scope, text, true, asked.lookup(scope, text), millis);
    }

    private void askVector(LocalSemanticCache asked, KnownEntries model, Scope scope, String text) {
      model.check(
          scope,
          text,
          false,
          asked.lookup(scope, texts.vector(text), LookupOptions.DEFAULTS),
          millis);
    }

    private void askAll(LocalSemanticCache asked, KnownEntries model) {
      for (Scope scope : SCOPES) {
        for (int text = 0; text < TEXTS; text++) {
          ask(asked, model, scope, "text " + text);
          askVector(asked, model, scope, "text " + text);
        }
      }
      model.requireLost(asked.stats());
    }

    private void invalidateOne() {
      EntryId id = new EntryId(1 + input.next(3), input.next(32));
      boolean removed = cache.invalidate(id);
      Target.require(!removed || known.has(id), "removed what was not there");
      known.remove(id);
    }

    private void invalidateMany() {
      int which = input.next();
      switch (input.next(4)) {
        case 0 -> {
          String tag = "tag " + which % TAGS;
          known.invalidated(cache.invalidateTag(tag), e -> e.options().tags().contains(tag));
        }
        case 1 -> {
          Scope scope = SCOPES[which % SCOPES.length];
          known.invalidated(cache.invalidateScope(scope), e -> e.scope().equals(scope));
        }
        case 2 -> {
          String tenant = which % 2 == 0 ? "acme" : "zeta";
          known.invalidated(cache.invalidateTenant(tenant), e -> e.scope().tenant().equals(tenant));
        }
        default -> {
          String name = PRINCIPALS[1 + which % 2];
          known.invalidated(
              cache.invalidateProvenance(name), e -> e.options().provenance().equals(name));
        }
      }
    }

    private void reopen() {
      known.addEvicted(cache.stats().evicted());
      cache.close();
      cache = open(directory, frames);
    }

    /** The files as they are, with nothing brought to an end, opened as another store. */
    private void openAsAfterKill() throws IOException {
      Path copy = root.resolve("copy");
      StoreImage.read(directory).write(copy);
      KnownEntries model = known.copy();
      model.addEvicted(cache.stats().evicted());
      try (LocalSemanticCache killed = open(copy, new HeapFrames(frames.frames()))) {
        askAll(killed, model);
        killed.check();
      }
    }

    private LocalSemanticCache open(Path path, HeapFrames answers) {
      CacheSettings settings =
          new CacheSettings(
              path,
              Optional.of(texts),
              texts.dimension(),
              texts.fingerprint(),
              0.95,
              0.02,
              TTL,
              Duration.ofDays(2),
              ENTRIES_MAX,
              Integer.MAX_VALUE,
              Integer.MAX_VALUE,
              Long.MAX_VALUE,
              512,
              64,
              true,
              16,
              Duration.ofSeconds(1),
              Duration.ofSeconds(10),
              new CosinePolicy(),
              Map.of(),
              Optional.empty(),
              () -> Instant.ofEpochMilli(millis),
              false,
              Optional.empty(),
              Optional.empty());
      return new LocalSemanticCache(settings, (where, clean) -> answers);
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] puts = new byte[64];
    for (int i = 0; i < puts.length; i += 7) {
      puts[i] = (byte) (i % 4);
      for (int j = 1; j < 7 && i + j < puts.length; j++) {
        puts[i + j] = (byte) (i * 5 + j);
      }
    }
    return List.of(
        puts,
        // Puts, lookups, an invalidation, time, both openings.
        new byte[] {0, 0, 1, 1, 9, 2, 0, 5, 0, 1, 14, 5, 0, 1, 15, 11, 99, 99, 10, 0, 0, 5, 0, 1},
        new byte[] {
          4, 1, 2, 0, 0, 0, 1, 8, 1, 2, 11, 20, 20, 8, 1, 2, 13, 15, 9, 0, 0, 14, 8, 1, 2
        });
  }
}
