/**
 * The levers of LLM cost, stacked: {@link dev.askonce.optimizer.Pipeline} is the one place that
 * knows their order.
 *
 * <pre>
 *   Pipeline, LlmRouter   stacks the levers; the same for callers who have texts
 *   replay   audit        what levers would have saved on logged calls; habits that cost money
 *   cache                 answers from the semantic cache
 *   route                 chooses the model
 *   compress              sends fewer input tokens
 *   cap                   limits, shapes and ends answers by their task
 *   batch                 waits, for a lower price
 *   send     fanout       tries again, and elsewhere; asks many at once
 *   task     embed        what kind of work a request asks for; embeds each text once
 *   ledger                books, budgets, the log of calls
 *   cost                  token counts, and prices by kind and date
 *   chat                  request, reply, stream: what all the others are decorators of
 * </pre>
 *
 * <p>Each line may use the lines below it; levers and {@code ledger} do not know each other. What a
 * lever did reaches the books by the call's {@link dev.askonce.optimizer.chat.Effects}.
 * Provider-neutral: no vendor's types.
 */
package dev.askonce.optimizer;
