/**
 * Many JVMs, one cache, on plain Redis 6.2 or newer: no modules, no scripts. What is here is the
 * exact tier ({@link dev.askonce.redis.RedisExactTier}) for JVMs that share answers to repeated
 * texts.
 *
 * <p>Uses {@code dev.askonce.engine} and its {@code spi}, never its {@code internal}, and {@code
 * internal.server} as the way to one server, Sentinel or Cluster. Invariant: a reply is believed
 * only after its frame has named the very scope and text that were asked for; all else is a counted
 * miss.
 *
 * <p>A Redis user for one installation needs {@code ~PREFIX:* -@all} and no more than
 *
 * <pre>
 *  +get +set +del                                         for the exact tier
 *  +get +set +unlink +xadd +xread +xrange +xrevrange
 *  +xtrim +pexpire +sadd +smembers +client|id
 *  +client|unblock                                        for the replication
 *  +select                                                where the URI names a database
 *  +cluster|slots +asking                                 in a Cluster
 *  +sentinel|get-master-addr-by-name                      for the Sentinels' own user
 * </pre>
 */
package dev.askonce.redis;
