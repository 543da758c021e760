/**
 * The program: {@code askonce demo}, {@code eval}, {@code fsck}, {@code redis} and {@code bench}.
 * May use every module; nothing uses it. Invariant: with {@code --json} there is JSON on standard
 * output and nothing else, one document or a line for each row; usage and input errors are one line
 * on standard error and exit status 2.
 */
package dev.askonce.cli;
