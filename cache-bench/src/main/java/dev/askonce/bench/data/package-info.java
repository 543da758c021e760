/** Seeded data: the same seed gives the same data on every machine. Uses nothing of ours. */
package dev.askonce.bench.data;
