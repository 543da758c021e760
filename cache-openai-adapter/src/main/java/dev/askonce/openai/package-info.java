/**
 * AskOnce under the official OpenAI SDK for Java: {@link dev.askonce.openai.AskOnceHttpClient}
 * decorates the SDK's HTTP client, so that typed calls, streams, retries and errors stay as they
 * are; {@link dev.askonce.openai.AskOnce} makes a client with it in one call.
 *
 * <p>Uses the optimizer and the SDK. Invariant: a request that is not a chat completion, and a
 * request that misses and that no lever changes, reaches the API byte for byte as the SDK wrote it,
 * but for our own headers; what is only booked is looked at as it passes, never held back.
 */
package dev.askonce.openai;
