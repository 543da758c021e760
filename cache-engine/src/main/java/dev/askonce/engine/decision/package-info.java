/**
 * The decision: whether a stored answer serves an asked text. Cosine cannot tell "within 30 days"
 * from "within 60", so candidates pass typed {@linkplain dev.askonce.engine.decision.Guard guards}
 * and what is left is weighed. What every language shares (numbers, identifiers) is here; what one
 * language means stands behind {@link dev.askonce.engine.decision.Language}.
 *
 * <p>Uses the JDK, {@code dev.askonce.engine.spi} and the errors of {@code dev.askonce.engine};
 * never {@code internal}. Invariant: a doubt refuses.
 */
package dev.askonce.engine.decision;
