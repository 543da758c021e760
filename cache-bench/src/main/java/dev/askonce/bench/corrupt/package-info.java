/**
 * Damage done to stores on purpose: every bit of a small one, and in larger ones random bits, cut
 * ends, and pages that are zero, in the wrong place or of another time.
 */
package dev.askonce.bench.corrupt;
