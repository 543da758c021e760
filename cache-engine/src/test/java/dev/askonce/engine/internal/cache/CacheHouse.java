package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Route;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.internal.store.AppendOnlyResponseStore;
import dev.askonce.engine.internal.store.ChronicleResponseStore;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Judge;
import dev.askonce.engine.spi.Replication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** CacheSettings of a cache under test, with a clock that stands still until it is moved. */
final class CacheHouse {
  static final Duration HOUR = Duration.ofHours(1);

  /** Moved by tests. */
  static final class Clock implements InstantSource {
    private volatile long millis = 1_700_000_000_000L;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }

    @Override
    public long millis() {
      return millis;
    }

    void advance(Duration time) {
      millis += time.toMillis();
    }
  }

  final Path directory;
  final Clock clock = new Clock();
  final FakeEmbedder embedder = new FakeEmbedder();

  Optional<Embedder> embedderOfCache = Optional.of(embedder);
  double threshold = 0.95;
  double wrongShareMax = 0.02;
  int entriesMax = 1_000;
  int entriesMaxOfTenant = Integer.MAX_VALUE;
  int entriesMaxOfPrincipal = Integer.MAX_VALUE;
  long bytesMax = Long.MAX_VALUE;
  boolean startFresh;
  boolean storeTexts = true;
  DecisionPolicy policy = new CosinePolicy();
  Map<String, Route> routes = Map.of();
  Optional<Judge> judge = Optional.empty();
  Optional<byte[]> encryptionKey = Optional.empty();
  Optional<Replication> replication = Optional.empty();

  /** Answers in the plain log instead of Chronicle Maps: opens in no time. */
  boolean plainAnswers = true;

  /** The answers of the cache opened last, where they are in the plain log. */
  AppendOnlyResponseStore answers;

  CacheHouse(Path directory) {
    this.directory = directory;
  }

  /** Whether the next store that is made is encrypted, always with the same key. */
  void encrypt(boolean value) {
    encryptionKey = value ? Optional.of(key((byte) 1)) : Optional.empty();
  }

  static byte[] key(byte filling) {
    byte[] key = new byte[CacheSettings.ENCRYPTION_KEY_BYTES];
    Arrays.fill(key, filling);
    return key;
  }

  LocalSemanticCache open() {
    return open(directory);
  }

  LocalSemanticCache open(Path other) {
    return plainAnswers
        ? new LocalSemanticCache(settings(other), (path, clean) -> plainAnswers(path))
        : new LocalSemanticCache(
            settings(other),
            (path, clean) ->
                new ChronicleResponseStore(path, 1_024, 16 * 1024, clean, Duration.ofSeconds(10)));
  }

  AppendOnlyResponseStore plainAnswers(Path path) throws IOException {
    answers = new AppendOnlyResponseStore(path, 16 * 1024);
    return answers;
  }

  CacheSettings settings(Path other) {
    return new CacheSettings(
        other,
        embedderOfCache,
        FakeEmbedder.DIMENSION,
        embedder.fingerprint(),
        threshold,
        wrongShareMax,
        HOUR,
        Duration.ofDays(2),
        entriesMax,
        entriesMaxOfTenant,
        entriesMaxOfPrincipal,
        bytesMax,
        4_096,
        2_000,
        storeTexts,
        32,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        policy,
        routes,
        judge,
        clock,
        startFresh,
        encryptionKey,
        replication);
  }

  /** Copies the files as they are now, as a kill would leave them; not at one moment. */
  static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to);
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
      for (Path file : files(from)) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** {@return the files whose names start so} */
  static List<Path> files(Path directory, String prefix) throws IOException {
    return files(directory).stream()
        .filter(file -> file.getFileName().toString().startsWith(prefix))
        .toList();
  }
}
