package dev.askonce.redis;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.AnswerFrame;
import dev.askonce.engine.spi.ExactTier;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.server.RedisAddress;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.Shards;
import dev.askonce.redis.internal.server.UnsoundReply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * The exact tier on Redis, 6.2 or newer, one server, Sentinel or Cluster: what one JVM of an
 * installation stores, all of them find, for as long as its TTL. An installation is a key prefix
 * and a secret.
 *
 * <p>Threading: all methods may be called by any number of threads, virtual ones included.
 * Guarantees: a hit is byte for byte an answer that was stored for this scope and text, whatever
 * the server or the network did. Progress: a call returns within the deadline plus one connect
 * timeout; while the server is known to be dead, at once.
 *
 * <p>Errors: a caller's mistake is a {@link CacheException}; trouble of server or network is a miss
 * or a {@code false}, counted in {@link #stats}. After a {@code false} for trouble the server may
 * still carry the command out, at worst after a later one of the same text.
 *
 * <p>The checks tell mix-ups and damage, not forgery: whoever may write to the keys of the
 * installation is kept out by the server's access rules.
 */
public final class RedisExactTier implements ExactTier {
  /*
   *   key     PREFIX:hex(text hash)      text hash = HMAC(secret, scope hash, normalised text)
   *   value   AnswerFrame with expiry    id = text hash, scope = scope hash, seed = HMAC(secret)
   *
   * Server and network see neither text nor scope. The frame names both hashes once more, so that
   * a value that comes from any other key, text, scope or installation does not decode. It says when
   * its time is over, too: a server that was filled from a copy may know no time of its keys.
   */
  private static final byte[] OK = {'O', 'K'};

  /** The server ends an answer first, by the one clock that all share; its frame comes after. */
  private static final long LATER_MILLIS = 10_000;

  private final KeyedHash hash;
  private final long seed;
  private final String prefix;
  private final int answerBytesMax;
  private final Duration ttlMax;
  private final InstantSource clock;
  private final Servers servers;
  private final LongAdder finds = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder stores = new LongAdder();
  private final LongAdder removes = new LongAdder();
  private volatile boolean closed;

  RedisExactTier(
      KeyedHash hash,
      String prefix,
      int answerBytesMax,
      Duration ttlMax,
      InstantSource clock,
      Servers servers) {
    this.hash = hash;
    this.seed = hash.name("redis exact tier", prefix);
    this.prefix = prefix;
    this.answerBytesMax = answerBytesMax;
    this.ttlMax = ttlMax;
    this.clock = clock;
    this.servers = servers;
  }

  /**
   * {@return a builder for the exact tier on these servers}
   *
   * @param uri of one server, {@code redis://user:password@host:port/database}; of Sentinels,
   *     {@code redis-sentinel://user:password@host:port,host:port/PRIMARY/database}, where {@code
   *     PRIMARY} is their name for it; or of some nodes of a Cluster, {@code
   *     redis-cluster://user:password@host:port,host:port}. With {@code rediss} for TLS. User,
   *     password, ports (6379, of Sentinels 26379) and database (0) may be left out
   * @throws CacheException.InvalidOption if it is not such a URI; the message does not show it
   */
  public static RedisExactTierBuilder at(String uri) {
    return new RedisExactTierBuilder(RedisAddress.parse(uri));
  }

  @Override
  public Optional<Answer> find(Scope scope, String text) {
    Entry entry = entry(scope, text);
    finds.increment();
    Optional<Answer> answer =
        ask(entry, new CommandArguments(Command.GET).key(entry.key), reply -> answer(entry, reply))
            .orElse(Optional.empty());
    if (answer.isPresent()) {
      hits.increment();
    }
    return answer;
  }

  private <T> Optional<T> ask(Entry entry, CommandArguments command, Function<Object, T> reader) {
    return servers.ask(Shards.slotOf(entry.key), command, reader);
  }

  private Optional<Answer> answer(Entry entry, Object reply) {
    if (reply == null) {
      return Optional.empty();
    }
    AnswerFrame.Timed found =
        (reply instanceof byte[] frame
                ? AnswerFrame.decodeTimed(seed, entry.id(), entry.scope, frame)
                : Optional.<AnswerFrame.Timed>empty())
            .orElseThrow(() -> new UnsoundReply("not the frame of this entry"));
    return clock.millis() < found.expiresMillis() ? Optional.of(found.answer()) : Optional.empty();
  }

  /**
   * {@inheritDoc}
   *
   * @param ttl from one millisecond to the operator's limit; counted from the arrival at the
   *     server. Where that forgets when an answer ends, it ends ten seconds later, by JVMs' clocks
   * @throws CacheException.InvalidOption if the TTL is out of range
   * @throws CacheException.AnswerTooLarge if the body is over the operator's limit
   */
  @Override
  public boolean store(Scope scope, String text, Answer answer, Duration ttl) {
    if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(ttlMax) > 0) {
      throw new CacheException.InvalidOption(
          "ttl " + ttl + " is not from 1 ms to ttlMax " + ttlMax);
    }
    if (answer.body().length > answerBytesMax) {
      throw new CacheException.AnswerTooLarge(answer.body().length, answerBytesMax);
    }
    Entry entry = entry(scope, text);
    CommandArguments set =
        new CommandArguments(Command.SET)
            .key(entry.key)
            .add(AnswerFrame.encode(seed, entry.id(), entry.scope, answer, expiry(ttl)))
            .add(Keyword.PX)
            .add(ttl.toMillis());
    boolean stored = ask(entry, set, RedisExactTier::confirmed).orElse(false);
    if (stored) {
      stores.increment();
    }
    return stored;
  }

  private long expiry(Duration ttl) {
    return clock.millis() + ttl.toMillis() + LATER_MILLIS;
  }

  private static boolean confirmed(Object reply) {
    if (reply instanceof byte[] status && Arrays.equals(status, OK)) {
      return true;
    }
    throw new UnsoundReply("not a confirmation");
  }

  @Override
  public boolean remove(Scope scope, String text) {
    Entry entry = entry(scope, text);
    boolean removed =
        ask(entry, new CommandArguments(Command.DEL).key(entry.key), RedisExactTier::wasThere)
            .orElse(false);
    if (removed) {
      removes.increment();
    }
    return removed;
  }

  private static boolean wasThere(Object reply) {
    if (reply instanceof Long count && (count == 0 || count == 1)) {
      return count == 1;
    }
    throw new UnsoundReply("not a count of one key");
  }

  /** {@return what was done since the tier was opened} */
  public RedisStats stats() {
    // Hits first: a find that ends in between must not make the misses negative.
    long hitCount = hits.sum();
    long findCount = finds.sum();
    return new RedisStats(
        findCount, hitCount, findCount - hitCount, stores.sum(), removes.sum(), servers.troubles());
  }

  /**
   * Closes the connections. A call under way ends as it would have, or as a miss; a later one is
   * refused with {@link CacheException.Closed}. Closing twice does nothing.
   */
  @Override
  public void close() {
    closed = true;
    servers.close();
  }

  /** {@return the server's address and the prefix; no secret} */
  @Override
  public String toString() {
    return "RedisExactTier[" + servers + ", " + prefix + "]";
  }

  private Entry entry(Scope scope, String text) {
    if (closed) {
      throw new CacheException.Closed();
    }
    Hash128 scopeHash = hash.scope(scope);
    Hash128 textHash = hash.text(scopeHash, KeyedHash.normalise(text));
    HexFormat hex = HexFormat.of();
    String key = prefix + ":" + hex.toHexDigits(textHash.high()) + hex.toHexDigits(textHash.low());
    return new Entry(key, scopeHash, textHash);
  }

  /** What one text of one scope is called on the server and in its frame. */
  private record Entry(String key, Hash128 scope, Hash128 text) {
    EntryId id() {
      return new EntryId(text.high(), text.low());
    }
  }
}
