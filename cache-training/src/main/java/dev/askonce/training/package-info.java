/**
 * Trains the verifier: {@link dev.askonce.training.TrainCommand} reads labelled pairs, teaches the
 * embedder's own transformer to read two texts at once, measures what it learnt on pairs it has not
 * seen, and writes the file that {@link dev.askonce.text.CrossEncoder} opens.
 *
 * <p>Uses {@code dev.askonce.text} and PyTorch by way of DJL. Invariant: a tool of the build; no
 * other module depends on it, and without the profile {@code training} PyTorch is not even fetched.
 */
package dev.askonce.training;
