/**
 * Many JVMs, one cache, on plain Redis 6.2 or newer: no modules, no scripts.
 *
 * <p>{@link dev.askonce.redis.RedisReplication} keeps the caches of many JVMs equal, {@link
 * dev.askonce.redis.RedisInstallation} is for who operates what they have on the servers, and
 * {@link dev.askonce.redis.RedisExactTier} is for JVMs too small to hold an index.
 *
 * <p>Uses {@code dev.askonce.engine} and its {@code spi}, never {@code internal}, and Jedis for
 * connections. Invariant: what comes from a server is believed only after its seal, or of the exact
 * tier its frame, has named the very place or text that was asked for; all else is a counted skip
 * or miss.
 *
 * <p>A Redis user for one installation needs {@code ~PREFIX:* -@all} and
 *
 * <pre>
 *   replication   +ping +get +set +unlink +xadd +xread +xrange +xrevrange +xtrim +pexpire +sadd +sscan
 *                 +client|id +client|unblock
 *   exact tier    +get +set +del
 *   operations    +get +set +unlink +xadd +xrange +pexpire +sscan +info +scan +xlen +strlen
 *   a Cluster     +cluster|slots +asking
 *   a database    +select
 * </pre>
 */
package dev.askonce.redis;
