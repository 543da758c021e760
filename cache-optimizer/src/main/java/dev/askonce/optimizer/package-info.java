/**
 * The levers of LLM cost, stacked: {@link dev.askonce.optimizer.Pipeline} is the one place that
 * knows their order.
 *
 * <pre>
 *   Pipeline     stacks the levers
 *   cache        answers from the semantic cache
 *   ledger       books tokens and money
 *   cost         token counts and prices
 *   chat         request, reply, stream: what all the others are decorators of
 * </pre>
 *
 * <p>Each line may use the lines below it; levers and {@code ledger} do not know each other. What a
 * lever did reaches the books by the call's {@link dev.askonce.optimizer.chat.Effects}.
 * Provider-neutral: no vendor's types.
 */
package dev.askonce.optimizer;
