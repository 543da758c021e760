package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import java.io.IOException;

/** Books what the next client does and changes nothing. */
final class LedgerClient implements ChatClient {
  private final Ledger ledger;
  private final ChatClient next;

  LedgerClient(Ledger ledger, ChatClient next) {
    this.ledger = ledger;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    ChatReply reply;
    try {
      reply = next.complete(request, context);
    } catch (IOException | RuntimeException e) {
      ledger.failed(request, context);
      throw e;
    }
    if (reply.avoided().isPresent()) {
      ledger.avoided(request, context, reply.avoided().get());
    } else if (reply.status() == 200) {
      ledger.answered(request, context, reply.completion());
    } else {
      ledger.failed(request, context);
    }
    return reply;
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    ChatStream stream;
    try {
      stream = next.stream(request, context);
    } catch (IOException | RuntimeException e) {
      ledger.failed(request, context);
      throw e;
    }
    if (stream.avoided().isPresent()) {
      ledger.avoided(request, context, stream.avoided().get());
    } else if (stream.isEventStream()) {
      // However it ends, what was generated until then is billed.
      stream.onEnd(0, end -> ledger.answered(request, context, end.completion()));
    } else {
      ledger.failed(request, context);
    }
    return stream;
  }
}
