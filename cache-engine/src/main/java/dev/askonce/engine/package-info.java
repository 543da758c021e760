/**
 * What a caller of the cache sees: {@link dev.askonce.engine.SemanticCache}, what goes in ({@link
 * dev.askonce.engine.Scope}, {@link dev.askonce.engine.Answer} and the options) and what comes out
 * ({@link dev.askonce.engine.Lookup}, {@link dev.askonce.engine.LoadTicket}, {@link
 * dev.askonce.engine.CacheStats}).
 *
 * <p>May use {@code dev.askonce.engine.spi}. The edges into {@code internal} are the two ways in:
 * {@link dev.askonce.engine.SemanticCacheBuilder} and {@link
 * dev.askonce.engine.SemanticCache#check}. Invariant: a hit is byte for byte an answer that was
 * stored for the scope that asked, or it is a miss.
 */
package dev.askonce.engine;
