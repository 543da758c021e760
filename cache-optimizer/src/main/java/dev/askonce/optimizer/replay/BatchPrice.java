package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.batch.BatchLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Batched;
import dev.askonce.optimizer.chat.Lever;
import java.io.IOException;

/** The batch lever without its jobs: what may wait by its rule is billed at the batch price. */
final class BatchPrice implements Lever {
  @Override
  public String name() {
    return BatchLever.NAME;
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
        note(request, context);
        return next.complete(request, context);
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
        note(request, context);
        return next.stream(request, context);
      }
    };
  }

  private static void note(ChatRequest request, CallContext context) {
    if (BatchLever.mayWait(request, context)) {
      context.effects().add(new Batched(BatchLever.NAME));
    }
  }
}
