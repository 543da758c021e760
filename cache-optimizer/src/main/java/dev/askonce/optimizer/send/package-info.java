/**
 * Sending: {@link dev.askonce.optimizer.send.FallbackLever} tries again, and elsewhere, where a
 * provider cannot answer now; {@link dev.askonce.optimizer.send.HttpChatClient} is a transport to
 * any provider of the API.
 *
 * <p>Uses {@code chat}. Invariant: this is the only place that tries a request again for trouble
 * that passes, never after the first byte of a stream was handed over, and what nobody can mend is
 * returned as it came.
 */
package dev.askonce.optimizer.send;
