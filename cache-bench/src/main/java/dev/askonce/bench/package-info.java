/**
 * Benchmarks: what a lookup, a put and a kernel cost. {@code Benchmarks} runs them all; figures and
 * their reading are in {@code docs/internals/benchmarks.md}. May use everything.
 */
package dev.askonce.bench;
