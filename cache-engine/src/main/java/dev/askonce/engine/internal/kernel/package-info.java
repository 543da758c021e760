/**
 * Arithmetic on vectors, with the Vector API and as a scalar twin that specifies it. Functions of
 * primitives; the query on the heap, stored vectors by address. May use {@code internal.base}.
 */
package dev.askonce.engine.internal.kernel;
