package dev.askonce.optimizer.send;

import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.TargetModel;
import java.util.Optional;

/**
 * A place in a list to fall back along: a model, at the provider that the request was for or at
 * another.
 *
 * @param name in counts, and for cooling down; two targets of one name cool down together
 * @param client leads to the other provider; empty for the same
 */
public record Target(String name, TargetModel model, Optional<ChatClient> client) {
  /** {@return another model at the provider that the request was for} */
  public static Target of(TargetModel model) {
    return new Target(model.name(), model, Optional.empty());
  }

  /** {@return a model at another provider} */
  public static Target at(String name, ChatClient client, TargetModel model) {
    return new Target(name, model, Optional.of(client));
  }
}
