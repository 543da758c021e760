package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Batched;
import dev.askonce.optimizer.chat.Lever;
import java.io.IOException;

/** The rule of the batch lever without its jobs: what nobody waits for is billed at batch price. */
final class BatchPrice implements Lever {
  static final String NAME = "batch";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.BATCH;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
        note(context);
        return next.complete(request, context);
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
        note(context);
        return next.stream(request, context);
      }
    };
  }

  private static void note(CallContext context) {
    if (!context.interactive()) {
      context.effects().add(new Batched(NAME));
    }
  }
}
