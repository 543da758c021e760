package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatRequest;

/**
 * Says which tier a request is worth. Called by many threads at once.
 *
 * <p>A router that asks a model notes that call in the context's {@link
 * dev.askonce.optimizer.chat.Effects}. It never answers {@link
 * dev.askonce.optimizer.chat.Tier#REASONING} of its own accord: that tier is for callers who ask.
 */
@FunctionalInterface
public interface Router {
  /** {@return the choice for a request that nobody has forced to a tier} */
  Routing route(ChatRequest request, CallContext context);

  /**
   * {@return the choice, of a router that may ask a model for it}
   *
   * @param next leads to the provider that the request goes to
   */
  default Routing route(ChatRequest request, CallContext context, ChatClient next) {
    return route(request, context);
  }
}
