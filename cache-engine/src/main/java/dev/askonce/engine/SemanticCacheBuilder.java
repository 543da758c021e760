package dev.askonce.engine;

import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.internal.cache.CacheSettings;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Judge;
import dev.askonce.engine.spi.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The operator's settings of a cache: limits and defaults that no caller can exceed. Not
 * thread-safe; reusable only after the cache it opened is closed.
 */
public final class SemanticCacheBuilder {
  /** What to do with a store that another embedder, dimension or format has written. */
  public enum OnIncompatible {
    /** Throw {@link CacheException.Incompatible} and touch nothing. */
    REFUSE,
    /** Move the old files aside (they stay in the directory) and start empty. */
    START_FRESH
  }

  private static final int ROUTES_MAX = 64;

  private final Path directory;
  private Optional<Embedder> embedder = Optional.empty();
  private int dimension;
  private String vectorFingerprint = "";
  private double threshold = 0.95;
  private double wrongShareMax = Preset.BALANCED.wrongShareMax();
  private Duration ttl = Duration.ofSeconds(3600);
  private Duration ttlMax = Duration.ofDays(30);
  private int entriesMax = 1_000_000;
  private int entriesMaxOfTenant = Integer.MAX_VALUE;
  private int entriesMaxOfPrincipal = Integer.MAX_VALUE;
  private long bytesMax = Long.MAX_VALUE;
  private int answerBytesMax = 64 * 1024;
  private int textCharsMax = 100_000;
  private boolean storeTexts = true;
  private int searchBeam = 64;
  private Duration embedTimeout = Duration.ofSeconds(1);
  private Duration readTimeout = Duration.ofMillis(250);
  private DecisionPolicy policy = new CosinePolicy();
  private final Map<String, Route> routes = new TreeMap<>();
  private Optional<Judge> judge = Optional.empty();
  private InstantSource clock = InstantSource.system();
  private OnIncompatible onIncompatible = OnIncompatible.REFUSE;
  private Optional<byte[]> encryptionKey = Optional.empty();
  private Optional<Replication> replication = Optional.empty();

  SemanticCacheBuilder(Path directory) {
    this.directory = directory;
  }

  /** The embedder for lookups by text; sets dimension and fingerprint. Not closed by the cache. */
  public SemanticCacheBuilder embedder(Embedder value) {
    embedder = Optional.of(value);
    return vectors(value.dimension(), value.fingerprint());
  }

  /**
   * For a cache that is asked by vector alone.
   *
   * @param components from 8 to 4,096
   * @param fingerprint what made the vectors, as {@link Embedder#fingerprint}
   */
  public SemanticCacheBuilder vectors(int components, String fingerprint) {
    require(components >= 8 && components <= 4096, "dimension " + components + " not in 8..4096");
    dimension = components;
    vectorFingerprint = fingerprint;
    return this;
  }

  /** Least raw cosine of a semantic hit; callers may only tighten it. Default 0.95. */
  public SemanticCacheBuilder threshold(double cosine) {
    threshold = Thresholds.requireCosine(cosine);
    return this;
  }

  /**
   * The accepted share of wrong answers among those served by similarity, over 0, at most 1;
   * callers may only tighten it. For policies with a verifier, and for what tightens a route by
   * itself. Default 0.02.
   */
  public SemanticCacheBuilder wrongShareMax(double share) {
    wrongShareMax = Thresholds.requireShare(share);
    return this;
  }

  /** How long an entry answers where its put says nothing. Default one hour. */
  public SemanticCacheBuilder ttl(Duration value) {
    require(value.toMillis() > 0, "ttl " + value + " is not positive");
    ttl = value;
    return this;
  }

  /** The longest TTL that a put may ask for. Default 30 days. */
  public SemanticCacheBuilder ttlMax(Duration value) {
    require(value.toMillis() > 0, "ttlMax " + value + " is not positive");
    ttlMax = value;
    return this;
  }

  /** The most entries; a put beyond it evicts. From 64 to 16,777,216; default 1,000,000. */
  public SemanticCacheBuilder entriesMax(int value) {
    require(value >= 64 && value <= 1 << 24, "entriesMax " + value + " not in 64..16777216");
    entriesMax = value;
    return this;
  }

  /**
   * The most entries that one tenant may have, so that none can push out those of others. A put
   * beyond it is dropped and counted ({@link CacheStats#putsOverQuota}), unless it replaces one of
   * its own; entries that a store has beyond it stay until they expire. Default: no limit.
   */
  public SemanticCacheBuilder entriesMaxOfTenant(int value) {
    require(value >= 1, "entriesMaxOfTenant " + value + " is not positive");
    entriesMaxOfTenant = value;
    return this;
  }

  /**
   * As {@link #entriesMaxOfTenant}, for one principal of {@link PutOptions#provenance}, in whatever
   * tenants. A put that names nobody counts for its tenant alone. Default: no limit.
   */
  public SemanticCacheBuilder entriesMaxOfPrincipal(int value) {
    require(value >= 1, "entriesMaxOfPrincipal " + value + " is not positive");
    entriesMaxOfPrincipal = value;
    return this;
  }

  /**
   * The most bytes that live entries may hold; a put beyond it evicts. An entry holds its answer
   * and its prompt card as they are framed, its vector at four bytes a component, and its record of
   * 120 bytes. Not in it: what the index takes in memory ({@link CacheStats#bytesInMemory}), and
   * room in files that is not used now ({@link CacheStats#bytesOnDisk}). At least what one entry
   * may take, by {@link #answerBytesMax}, {@link #textCharsMax} and the dimension. Default: no
   * limit but {@link #entriesMax}.
   */
  public SemanticCacheBuilder bytesMax(long value) {
    require(value >= 1, "bytesMax " + value + " is not positive");
    bytesMax = value;
    return this;
  }

  /** The largest answer that is stored. From 1 to 1,048,576; default 64 KiB. */
  public SemanticCacheBuilder answerBytesMax(int value) {
    require(value >= 1 && value <= 1 << 20, "answerBytesMax " + value + " not in 1..1048576");
    answerBytesMax = value;
    return this;
  }

  /** The longest text that is looked up or put. From 1 to 1,000,000; default 100,000. */
  public SemanticCacheBuilder textCharsMax(int value) {
    require(value >= 1 && value <= 1_000_000, "textCharsMax " + value + " not in 1..1000000");
    textCharsMax = value;
    return this;
  }

  /**
   * How many of the nearest nodes a search of a large scope keeps in sight: more find more and take
   * longer. Lookups at a threshold stop earlier once that is known to lose no hits. From 8 to 512;
   * default 64.
   */
  public SemanticCacheBuilder searchBeam(int value) {
    require(value >= 8 && value <= 512, "searchBeam " + value + " not in 8..512");
    searchBeam = value;
    return this;
  }

  /** Whether texts are kept beside their answers for the decision stage to read. Default true. */
  public SemanticCacheBuilder storeTexts(boolean value) {
    storeTexts = value;
    return this;
  }

  /** The most time an embedding may take before the lookup is a miss. Default one second. */
  public SemanticCacheBuilder embedTimeout(Duration value) {
    require(!value.isNegative() && !value.isZero(), "embedTimeout " + value + " is not positive");
    embedTimeout = value;
    return this;
  }

  /** The most time a virtual thread waits for an answer's bytes. Default 250 ms. */
  public SemanticCacheBuilder readTimeout(Duration value) {
    require(!value.isNegative() && !value.isZero(), "readTimeout " + value + " is not positive");
    readTimeout = value;
    return this;
  }

  /** What may answer. Default: raw cosine at least the threshold. */
  public SemanticCacheBuilder policy(DecisionPolicy value) {
    policy = value;
    return this;
  }

  /**
   * Sets up a route. Lookups that name another take {@value Route#DEFAULT_NAME}, which can be set
   * up too.
   *
   * @param name at most 64 letters, digits, points, minuses and underscores; at most 64 routes
   */
  public SemanticCacheBuilder route(String name, Route route) {
    require(name.matches("[A-Za-z0-9._-]{1,64}"), "no name of a route: " + name);
    require(routes.size() < ROUTES_MAX || routes.containsKey(name), "over 64 routes");
    routes.put(name, route);
    return this;
  }

  /** Compares withheld hits with fresh answers. Default none: nothing is checked. */
  public SemanticCacheBuilder judge(Judge value) {
    judge = Optional.of(value);
    return this;
  }

  /** The clock of TTLs. Default the system's. */
  public SemanticCacheBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /** What to do with an incompatible store. Default {@link OnIncompatible#REFUSE}. */
  public SemanticCacheBuilder onIncompatible(OnIncompatible value) {
    onIncompatible = value;
    return this;
  }

  /**
   * Keeps answers and prompt texts encrypted on the disk: AES-256 in Galois/Counter Mode, with a
   * random key for each tenant that is itself encrypted with this one. A store is encrypted from
   * its creation on or never. {@link SemanticCache#invalidateTenant} destroys the tenant's key.
   *
   * <p>Not encrypted: vectors, from which something of the text can be guessed, times and sizes.
   *
   * @param key 32 random bytes, which are not kept in the directory; copied
   */
  public SemanticCacheBuilder encryptionKey(byte[] key) {
    require(
        key.length == CacheSettings.ENCRYPTION_KEY_BYTES,
        "the key has " + key.length + " bytes, not " + CacheSettings.ENCRYPTION_KEY_BYTES);
    encryptionKey = Optional.of(key.clone());
    return this;
  }

  /**
   * Keeps the content equal to that of other caches. A store is replicated from its creation on or
   * never, and always with the same secret, under which it keeps its names.
   *
   * @param value closed with the cache
   */
  public SemanticCacheBuilder replication(Replication value) {
    replication = Optional.of(value);
    return this;
  }

  /**
   * Opens the cache, and creates its directory where there is none.
   *
   * @throws CacheException.Locked if another cache has it open
   * @throws CacheException.Incompatible if it was written with another embedder or key
   * @throws CacheException.MissingJvmFlag if the JVM was started without a needed flag
   * @throws CacheException.StoreUnavailable if its files cannot be created or read
   */
  public SemanticCache open() {
    require(dimension != 0, "give an embedder, or vectors(dimension, fingerprint)");
    require(ttl.compareTo(ttlMax) <= 0, "ttl " + ttl + " is over ttlMax " + ttlMax);
    require(
        Stream.concat(Stream.of(policy), routes.values().stream().flatMap(r -> r.policy().stream()))
            .allMatch(each -> each.accepts(vectorFingerprint)),
        "a policy was made for another embedder than " + vectorFingerprint);
    require(
        judge.isPresent() || routes.values().stream().allMatch(r -> r.checkedShare() == 0),
        "a route checks hits, but there is no judge");
    CacheSettings settings =
        new CacheSettings(
            directory,
            embedder,
            dimension,
            vectorFingerprint,
            threshold,
            wrongShareMax,
            ttl,
            ttlMax,
            entriesMax,
            entriesMaxOfTenant,
            entriesMaxOfPrincipal,
            bytesMax,
            answerBytesMax,
            textCharsMax,
            storeTexts,
            searchBeam,
            embedTimeout,
            readTimeout,
            policy,
            Map.copyOf(routes),
            judge,
            clock,
            onIncompatible == OnIncompatible.START_FRESH,
            encryptionKey,
            replication);
    long entryBytesMax = settings.entryBytesMax();
    require(
        bytesMax >= entryBytesMax,
        "bytesMax "
            + bytesMax
            + " is less than the "
            + entryBytesMax
            + " bytes that one entry may take; lower answerBytesMax or textCharsMax, or raise it");
    return new LocalSemanticCache(settings);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new CacheException.InvalidOption(message);
    }
  }
}
