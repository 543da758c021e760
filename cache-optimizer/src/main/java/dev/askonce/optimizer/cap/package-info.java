/**
 * Answers no longer than the task needs: {@link dev.askonce.optimizer.cap.CapLever} limits, shapes
 * and ends them by their {@link dev.askonce.optimizer.chat.Task}.
 *
 * <p>Uses {@code chat}, {@code task} and {@code cost}. Invariant: a caller's own smaller limit, its
 * format and its stop sequences stay as they are; an answer that a limit of ours cut off says so by
 * its {@code finish_reason}, so that nothing keeps it.
 */
package dev.askonce.optimizer.cap;
