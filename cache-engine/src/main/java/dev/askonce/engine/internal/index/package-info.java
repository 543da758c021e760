/**
 * Nearest neighbours over a threshold: which at most eight entries of a scope reach a floor, best
 * first. {@link dev.askonce.engine.internal.index.ScopeIndex} is one scope's index: a {@link
 * dev.askonce.engine.internal.index.FlatIndex} of what is small or new, and, once it is large, an
 * {@link dev.askonce.engine.internal.index.HnswGraph}.
 *
 * <p>May use {@code internal.store}, {@code internal.kernel} and {@code internal.base}. Invariant:
 * readers take no lock, wait for nothing and allocate nothing; what they find is a hint that the
 * caller verifies.
 */
package dev.askonce.engine.internal.index;
