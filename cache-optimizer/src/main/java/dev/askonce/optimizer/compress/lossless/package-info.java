/**
 * Prompts made shorter without a loss: white space, JSON and tables written tighter ({@link
 * dev.askonce.optimizer.compress.lossless.Minifier}), text that is there twice said once ({@link
 * dev.askonce.optimizer.compress.lossless.Duplicates}).
 *
 * <p>Uses the JSON reader of {@code chat}. Invariant: code fences, and text that may be code, YAML,
 * a diff or columns, come out as they went in; what is done to a text depends on that text and on
 * texts before it, never on what follows.
 */
package dev.askonce.optimizer.compress.lossless;
