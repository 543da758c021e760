/**
 * Power cuts, simulated: the pages, names and lengths of a store's files that were not forced reach
 * the disk or do not, each by itself and sector by sector, and the store is opened as it then is.
 */
package dev.askonce.bench.powerloss;
