/**
 * Small stores whose every answer is known, as bytes: made, damaged, written out, opened by the
 * engine and asked for everything. What the fault campaigns that damage a store have in common, the
 * child JVMs they run in included.
 */
package dev.askonce.bench.image;
