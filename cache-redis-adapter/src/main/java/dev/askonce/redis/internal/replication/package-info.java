/**
 * Keeps the caches of an installation equal through the log: what a caller puts or removes here is
 * published ({@link dev.askonce.redis.internal.replication.Publisher}), what others publish is
 * applied ({@link dev.askonce.redis.internal.replication.Tailer}), and a scope that is asked for
 * the first time is loaded ({@link dev.askonce.redis.internal.replication.Joiner}).
 *
 * <p>Uses {@code internal.log}, {@code internal.server} and the engine's {@code spi}. Invariant:
 * the local store is the truth of what this cache has; the log may lose anything at any time, and
 * gets it again from the stores.
 */
package dev.askonce.redis.internal.replication;
