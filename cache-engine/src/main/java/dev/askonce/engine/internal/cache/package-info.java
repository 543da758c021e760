/**
 * The read path and the write path, in the order they run, and what holds them together.
 *
 * <pre>
 *   lookup ─▶ ReadPath: exact tier ─▶ embed ─▶ ScopeIndex ─▶ verify ─▶ decide ─▶ answer ─▶ verify
 *   put    ─▶ WritePath: answer and card ─▶ slot and vector ─▶ commit word ─▶ index, exact table
 *   acquire ─▶ Flights: who loads, who waits
 *   Maintenance, one thread: expire, link, sweep, release slots
 * </pre>
 *
 * <p>May use every other package of the engine. Invariant: an answer leaves {@link
 * dev.askonce.engine.internal.cache.ReadPath} only after its record, its vector and its frame
 * verified for the scope that asked, and the record did not change meanwhile.
 */
package dev.askonce.engine.internal.cache;
