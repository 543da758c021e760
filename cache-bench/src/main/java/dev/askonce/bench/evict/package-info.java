/**
 * Who should leave a full cache? The engine's eviction beside LRU, LFU, second chance and
 * Caffeine's W-TinyLFU, on request streams made from a seed. Nothing is stored: an entry is a key,
 * a cost and a size. Uses the engine's {@code internal.policy}, which is driven by the calls that
 * the engine makes, and {@code bench.data}.
 */
package dev.askonce.bench.evict;
