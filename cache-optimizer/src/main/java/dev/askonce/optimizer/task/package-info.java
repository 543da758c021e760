/**
 * What kind of work a request asks for: {@link dev.askonce.optimizer.task.TaskClassifier} reads it
 * off the request alone.
 *
 * <p>Uses {@code chat}. Invariant: what a caller says wins over what the words show, and where they
 * show nothing the task is {@link dev.askonce.optimizer.chat.Task#OTHER}.
 */
package dev.askonce.optimizer.task;
