/**
 * Many JVMs, one cache, on plain Redis 6.2 or newer: no modules, no scripts. What is here is the
 * exact tier ({@link dev.askonce.redis.RedisExactTier}) for JVMs that share answers to repeated
 * texts.
 *
 * <p>Uses {@code dev.askonce.engine} and its {@code spi}, never {@code internal}, and Jedis for
 * connections. Invariant: a reply is believed only after its frame has named the very scope and
 * text that were asked for; all else is a counted miss.
 *
 * <p>A Redis user for one installation needs no more than {@code ~PREFIX:* -@all +get +set +del},
 * and {@code +select} where the URI names a database.
 */
package dev.askonce.redis;
