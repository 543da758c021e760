/**
 * How soon a store that is opened again answers: after an orderly close, after a kill, and in a
 * process of its own.
 */
package dev.askonce.bench.reopen;
