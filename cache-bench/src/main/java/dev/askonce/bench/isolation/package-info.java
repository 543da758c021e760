/**
 * Identical questions of many scopes: each gets its own answer or none. What it may use: the
 * engine's public interface, {@code bench.image} for an embedder.
 */
package dev.askonce.bench.isolation;
