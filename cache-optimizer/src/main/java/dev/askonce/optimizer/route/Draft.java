package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;

/**
 * An answer of the budget model that its caller has not seen yet.
 *
 * @param request as it was sent to the budget model
 * @param next leads to the provider, for checks that ask a model
 */
public record Draft(
    ChatRequest request, Completion completion, CallContext context, ChatClient next) {}
