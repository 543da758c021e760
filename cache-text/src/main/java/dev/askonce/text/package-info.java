/**
 * What understands text, inside the JVM: {@link dev.askonce.text.MiniLmEmbedder} turns a text into
 * a unit vector with a small sentence model that travels in a Maven artifact, {@link
 * dev.askonce.text.BgeSmallEmbedder} with a larger one. Nothing here opens a connection or reads a
 * home directory.
 *
 * <p>Uses {@code dev.askonce.engine.spi}, ONNX Runtime and a JSON reader. Invariant: one text gives
 * one vector, whoever else is asking at the same time.
 */
package dev.askonce.text;
