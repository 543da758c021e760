/**
 * What a caller of the cache sees: {@link dev.askonce.engine.SemanticCache}, what goes in ({@link
 * dev.askonce.engine.Scope}, {@link dev.askonce.engine.Answer} and the options) and what comes out
 * ({@link dev.askonce.engine.Lookup}, {@link dev.askonce.engine.LoadTicket}, {@link
 * dev.askonce.engine.CacheStats}).
 *
 * <p>May use {@code dev.askonce.engine.spi}. The one edge into {@code internal} is {@link
 * dev.askonce.engine.SemanticCacheBuilder#open()}. Invariant: a hit is byte for byte an answer that
 * was stored for the scope that asked, or it is a miss.
 */
package dev.askonce.engine;
