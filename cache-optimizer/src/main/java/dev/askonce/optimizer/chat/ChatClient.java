package dev.askonce.optimizer.chat;

import java.io.IOException;

/**
 * Answers chat-completions requests. The transport to a provider is one, and every lever is one
 * around another.
 *
 * <p>Threading: called by many threads at once. An error status is a reply, not an exception.
 */
public interface ChatClient {
  /**
   * {@return the whole reply}
   *
   * @throws IOException if the exchange broke
   */
  ChatReply complete(ChatRequest request, CallContext context) throws IOException;

  /**
   * {@return the reply, event by event as it arrives} The caller closes it.
   *
   * @throws IOException if the exchange broke before the reply began
   */
  ChatStream stream(ChatRequest request, CallContext context) throws IOException;
}
