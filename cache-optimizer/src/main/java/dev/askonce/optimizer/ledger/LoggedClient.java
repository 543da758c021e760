package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import java.io.IOException;
import java.time.Instant;

/** Tells the log what the next client does and changes nothing. */
final class LoggedClient implements ChatClient {
  private static final byte[] NOTHING = {};

  private final RequestLog log;
  private final ChatClient next;

  LoggedClient(RequestLog log, ChatClient next) {
    this.log = log;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    Instant at = log.now();
    ChatReply reply;
    try {
      reply = next.complete(request, context);
    } catch (IOException | RuntimeException e) {
      log.replied(at, request, context, 0, NOTHING);
      throw e;
    }
    log.replied(at, request, context, reply.status(), reply.body());
    return reply;
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    Instant at = log.now();
    ChatStream stream;
    try {
      stream = next.stream(request, context);
    } catch (IOException | RuntimeException e) {
      log.replied(at, request, context, 0, NOTHING);
      throw e;
    }
    if (stream.isEventStream()) {
      stream.onEnd(0, end -> log.streamed(at, request, context, end.completion()));
    } else {
      log.replied(at, request, context, stream.status(), NOTHING);
    }
    return stream;
  }
}
