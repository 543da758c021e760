/**
 * JMH benchmarks, one question a file. The result and its reading are in {@code
 * docs/internals/benchmarks.md}. A benchmark checks its own answers: one that measures hits fails
 * on a miss.
 */
package dev.askonce.bench.micro;
