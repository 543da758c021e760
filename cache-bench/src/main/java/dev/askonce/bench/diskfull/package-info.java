/**
 * What does a cache do where the disk is full, files are missing or something else than they were,
 * others want the same store, or thousands of threads come at once? Each case runs in a process of
 * its own, so that the death of a process is seen. Uses {@code bench.crash} for answers that carry
 * their truth, the oracle and processes.
 */
package dev.askonce.bench.diskfull;
