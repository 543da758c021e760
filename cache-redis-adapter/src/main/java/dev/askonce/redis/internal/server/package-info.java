/**
 * The way to the servers: one server, the primary that Sentinels name, or the nodes of a Cluster,
 * behind one interface ({@link dev.askonce.redis.internal.server.Servers}), and readers that wait
 * for what is added to streams.
 *
 * <p>Uses Jedis for sockets, commands and pools, and of {@code dev.askonce.redis} only the value
 * {@link dev.askonce.redis.RedisTrouble}. Knows nothing of scopes, entries and answers.
 *
 * <p>Invariant: a call ends within its bound whatever server and network do, no reply takes more
 * memory than its limit, and nothing of the environment is thrown: it is a counted trouble.
 */
package dev.askonce.redis.internal.server;
