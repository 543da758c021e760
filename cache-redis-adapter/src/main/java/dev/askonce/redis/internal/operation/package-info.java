/**
 * What an operator does to an installation as a whole, without a cache: looks at it, mends its
 * snapshots, deletes it or a tenant's part of it.
 *
 * <p>Uses {@code internal.log}, {@code internal.server} and the names of {@code
 * internal.replication}. Invariant: no key is touched that does not begin with the prefix and go on
 * as this installation's keys do; each step may be stopped and done again.
 */
package dev.askonce.redis.internal.operation;
