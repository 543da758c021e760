/**
 * What a cache promises its callers, as tests that every kind of cache passes: alone in its
 * process, and replicated with its server in reach and out of reach. Uses the public interface
 * only.
 */
package dev.askonce.engine.contract;
