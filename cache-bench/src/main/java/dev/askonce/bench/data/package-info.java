/**
 * Seeded data and flat files of vectors: synthetic sets, sets made from texts, sets grown from real
 * ones, and the exact search that says how good a set is. The same seed gives the same data. Uses
 * the engine's public interfaces only.
 */
package dev.askonce.bench.data;
