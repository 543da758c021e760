package dev.askonce.engine;

import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.internal.base.PrivateFiles;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A store of format 1.0 as a file in the repository, and what is in it. The files were written
 * once, by {@link #main} of the version that froze the format, and are never written again: every
 * later version has to open them.
 */
enum GoldenStore {
  /** A few entries, closed in order. */
  PLAIN(20, false, true),
  /** The same, encrypted, with reports of wrong answers and a tightened route. */
  ENCRYPTED(20, true, true),
  /** As a kill leaves it. */
  KILLED(20, false, false),
  /** So many entries that they are linked, with the graph's snapshot. */
  GRAPH(2_200, false, true);

  static final int DIMENSION = 8;
  static final Scope SCOPE = Scope.tenant("acme").with("model", "m");
  static final String TAG = "tagged";
  static final LookupOptions ON_ROUTE = LookupOptions.DEFAULTS.route("route");

  private static final Instant NOW = Instant.parse("2026-11-29T00:00:00Z");
  private static final Duration TTL = Duration.ofDays(36_500);

  /** Hits of the encrypted store that were reported as wrong; so many in ten tighten its route. */
  static final int REPORTS = 8;

  final int entries;
  private final boolean encrypted;
  private final boolean closed;

  GoldenStore(int entries, boolean encrypted, boolean closed) {
    this.entries = entries;
    this.encrypted = encrypted;
    this.closed = closed;
  }

  String resource() {
    return "format-1.0-" + name().toLowerCase(Locale.ROOT) + ".zip";
  }

  boolean isEncrypted() {
    return encrypted;
  }

  static String text(int i) {
    return "Question number " + i + ", größer als ½?";
  }

  static Answer answer(int i) {
    byte[] body = new byte[i % 7 * 40];
    new Random(i).nextBytes(body);
    return new Answer(i % 2 == 0 ? "application/json" : "text/plain; charset=utf-8", body);
  }

  /** Vectors from texts, by integer arithmetic alone; no two of them near each other. */
  private static final class Texts implements Embedder {
    @Override
    public int dimension() {
      return DIMENSION;
    }

    @Override
    public String fingerprint() {
      return "golden";
    }

    @Override
    public Embedding embed(String text, Duration timeout) {
      return new Embedding(vector(text), false);
    }
  }

  /** {@return the vector of a text; {@code #} and what follows changes it a little} */
  static float[] vector(String text) {
    int mark = text.indexOf('#');
    Random random = new Random((mark < 0 ? text : text.substring(0, mark)).hashCode());
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextInt(-1000, 1001);
    }
    vector[0] += mark < 0 ? 0 : 10;
    return vector;
  }

  /** Opens a store that lies in {@code directory}. */
  SemanticCache open(Path directory) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    SemanticCacheBuilder builder =
        SemanticCache.at(directory)
            .embedder(new Texts())
            .policy(new CosinePolicy())
            .threshold(0.999)
            .route("route", Route.DEFAULTS.threshold(0.9).wrongShareMax(0.3))
            .ttl(TTL)
            .ttlMax(TTL)
            .entriesMax(4_096)
            .answerBytesMax(512)
            .textCharsMax(100)
            .clock(InstantSource.fixed(NOW));
    return encrypted ? builder.encryptionKey(key).open() : builder.open();
  }

  /** Unpacks the store into a new directory. */
  void unpack(Path directory) throws IOException {
    try (InputStream resource = GoldenStore.class.getResourceAsStream(resource());
        ZipInputStream zip = new ZipInputStream(resource)) {
      Path store = directory.resolve("store");
      PrivateFiles.createDirectory(store);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.write(store.resolve(entry.getName()), zip.readAllBytes());
      }
    }
  }

  private void fill(SemanticCache cache) {
    PutOptions tagged = PutOptions.DEFAULTS.tags(TAG).provenance("writer").savedNanoDollars(5);
    for (int i = 0; i < entries; i++) {
      PutOptions options = i % 5 == 0 ? tagged : PutOptions.DEFAULTS;
      cache.put(SCOPE, text(i), answer(i), options);
    }
    if (encrypted) {
      List<HitId> hits = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        hits.add(cache.lookup(SCOPE, text(i) + "#", ON_ROUTE).hit().orElseThrow().hitId());
      }
      for (int i = 0; i < REPORTS; i++) {
        cache.wrong(hits.get(i));
        cache.put(SCOPE, text(i), answer(i), i % 5 == 0 ? tagged : PutOptions.DEFAULTS);
      }
    }
    cache.force();
  }

  /**
   * Writes the files of a new format, once and for all.
   *
   * @param args the directory of the resources, then one to work in
   */
  public static void main(String[] args) throws IOException {
    for (GoldenStore golden : values()) {
      Path work = Path.of(args[1]).resolve(golden.name());
      SemanticCache cache = golden.open(work);
      golden.fill(cache);
      // A graph is begun some time after the last put.
      long begun = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      while (System.nanoTime() < begun || cache.stats().entriesUnlinked() > 0) {
        Thread.onSpinWait();
      }
      if (golden.closed) {
        cache.close();
      }
      pack(work, Path.of(args[0]).resolve(golden.resource()));
      cache.close();
    }
  }

  private static void pack(Path store, Path target) throws IOException {
    try (Stream<Path> files = Files.list(store);
        ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
      List<Path> sorted = files.filter(f -> !f.endsWith("LOCK")).sorted().toList();
      for (Path file : sorted) {
        zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
