/**
 * Vectors from the embeddings endpoint of OpenAI, Azure or any server of the same shape: {@link
 * dev.askonce.openai.embedding.OpenAiEmbedder} is an {@link dev.askonce.engine.spi.Embedder} over a
 * client of the SDK.
 *
 * <p>Uses the engine's interfaces, the optimizer's token counts and the SDK. Invariant: a vector
 * has unit length and the promised number of components, and says so if the model did not see all
 * of its text; anything else is an error.
 */
package dev.askonce.openai.embedding;
