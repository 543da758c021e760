/**
 * The support desk of a fictitious company: its knowledge base, its visitors, and the run of both
 * through the whole stack.
 *
 * <p>The knowledge base and its near misses were written before any decision code and are not to be
 * tuned to it, nor it to them.
 */
package dev.askonce.cli.demo;
