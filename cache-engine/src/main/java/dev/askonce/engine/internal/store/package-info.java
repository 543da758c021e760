/**
 * Bytes on disk: who holds the directory, what it is ({@code SUPER}), one fixed record and one
 * vector an entry, and the answers.
 *
 * <p>May use {@code internal.base} and {@code internal.kernel}. Invariant: what is read here either
 * verifies against a checksum seeded with the store, the slot and its generation, or is reported as
 * absent. {@code docs/internals/format.md} specifies every byte.
 */
package dev.askonce.engine.internal.store;
