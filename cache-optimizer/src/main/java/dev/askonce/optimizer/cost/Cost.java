package dev.askonce.optimizer.cost;

import java.math.BigDecimal;

/**
 * What a call costs, in dollars, exactly.
 *
 * @param input the part of its input
 * @param output the part of its output
 * @param total both, and what belongs to neither, such as searches of the web
 */
public record Cost(BigDecimal input, BigDecimal output, BigDecimal total) {}
