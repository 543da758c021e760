/**
 * The program: {@code askonce demo}, {@code fsck} and {@code bench}. May use every module; nothing
 * uses it. Invariant: with {@code --json} there is one JSON document on standard output and nothing
 * else; usage and input errors are one line on standard error and exit status 2.
 */
package dev.askonce.cli;
