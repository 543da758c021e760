/**
 * Who leaves: entries whose time is over, and entries that make room for others. Deals in slots;
 * uses no other package of the engine but {@code internal.base}.
 */
package dev.askonce.engine.internal.policy;
