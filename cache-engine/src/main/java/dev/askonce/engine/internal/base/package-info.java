/**
 * Primitive tools: raw memory, heaps of packed longs, visited marks, reader epochs. Uses the JDK
 * alone.
 */
package dev.askonce.engine.internal.base;
