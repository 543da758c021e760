/**
 * What caches tell each other and what each of them remembers of it, as bytes: sealed records of a
 * scope's log, snapshots of them, removals that are never forgotten too early, and positions in the
 * logs.
 *
 * <p>Uses the JDK and {@code dev.askonce.engine} with its {@code spi}. Knows no server, but for the
 * ids that it gives the records of a stream.
 *
 * <p>Invariant: bytes of whatever origin are opened, or refused with a reason; they are never
 * half-read, cost no more memory than their own length a few times, and throw nothing.
 */
package dev.askonce.redis.internal.log;
