/**
 * What a caller may supply to the engine (an {@link dev.askonce.engine.spi.Embedder}, a {@link
 * dev.askonce.engine.spi.DecisionPolicy}) and what an adapter needs to speak the engine's formats
 * ({@link dev.askonce.engine.spi.KeyedHash}, {@link dev.askonce.engine.spi.AnswerFrame}) or to keep
 * caches equal ({@link dev.askonce.engine.spi.Replication}).
 *
 * <p>Uses the JDK and the value types of {@code dev.askonce.engine}; never {@code internal}.
 */
package dev.askonce.engine.spi;
