package dev.askonce.optimizer.cache;

import dev.askonce.engine.Hit;
import dev.askonce.optimizer.cache.Fingerprint.Plan;
import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.StreamEnd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the cache, then the next client, and keeps what that one says. */
final class CachedClient implements ChatClient {
  private static final String JSON = "application/json";
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final String EVENTS = ChatStream.EVENT_STREAM + "; charset=utf-8";

  private final CacheLever lever;
  private final ChatClient next;

  CachedClient(CacheLever lever, ChatClient next) {
    this.lever = lever;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    if (!(plan(request, context) instanceof Plan.Ask ask)) {
      return next.complete(request, context);
    }
    // Whatever is thrown below fails the load, so that one of those who wait takes over.
    try (Load load = lever.acquire(ask, context)) {
      Optional<ChatReply> hit = load.hit().flatMap(this::reply);
      if (hit.isPresent()) {
        lever.hits.increment();
        return hit.get();
      }
      lever.misses.increment();
      ChatReply reply;
      try {
        reply = next.complete(request, context).asMiss();
      } catch (IOException | RuntimeException e) {
        Optional<ChatReply> checked = instead(load.checkedHit().flatMap(this::reply));
        if (checked.isPresent()) {
          return checked.get();
        }
        throw e;
      }
      Optional<ChatReply> checked =
          isTrouble(reply.status())
              ? instead(load.checkedHit().flatMap(this::reply))
              : Optional.empty();
      if (checked.isPresent()) {
        return checked.get();
      }
      settle(load, request, context, reply);
      return reply;
    }
  }

  /** {@return whether the provider cannot answer now} */
  private static boolean isTrouble(int status) {
    return status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
  }

  /** Counts what answers instead of the provider, if anything does, as the hit that it is. */
  private <T> Optional<T> instead(Optional<T> checked) {
    if (checked.isPresent()) {
      lever.misses.decrement();
      lever.hits.increment();
    }
    return checked;
  }

  private void settle(Load load, ChatRequest request, CallContext context, ChatReply reply) {
    try {
      lever.settle(
          load,
          admission(reply),
          request,
          context,
          reply.completion(),
          reply.contentType(),
          reply.body());
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
    }
  }

  private static Admission admission(ChatReply reply) {
    return reply.status() == 200
        ? Admission.of(reply.status(), reply.completion())
        : Admission.ofError(reply.status());
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    if (!(plan(request, context) instanceof Plan.Ask ask)) {
      return next.stream(request, context);
    }
    Load load = lever.acquire(ask, context);
    boolean handedOver = false;
    try {
      Optional<ChatStream> hit = load.hit().flatMap(found -> stream(found, request));
      if (hit.isPresent()) {
        lever.hits.increment();
        return hit.get();
      }
      lever.misses.increment();
      ChatStream stream;
      try {
        stream = next.stream(request, context);
      } catch (IOException | RuntimeException e) {
        Optional<ChatStream> checked =
            instead(load.checkedHit().flatMap(found -> stream(found, request)));
        if (checked.isPresent()) {
          return checked.get();
        }
        throw e;
      }
      Optional<ChatStream> checked =
          isTrouble(stream.status())
              ? instead(load.checkedHit().flatMap(found -> stream(found, request)))
              : Optional.empty();
      if (checked.isPresent()) {
        stream.close();
        return checked.get();
      }
      stream.setMissed();
      if (stream.isEventStream()) {
        String contentType = stream.contentType();
        stream.onEnd(
            lever.answerBytesMax(), end -> settle(load, request, context, contentType, end));
        handedOver = true;
      } else if (Admission.ofError(stream.status()) == Admission.DECLINE) {
        lever.declined.increment();
        load.decline();
      }
      return stream;
    } finally {
      if (!handedOver) {
        load.close();
      }
    }
  }

  private void settle(
      Load load, ChatRequest request, CallContext context, String contentType, StreamEnd end) {
    // The caller has its stream and closes no load: whatever happens here, this does.
    try (load) {
      lever.settle(
          load,
          Admission.of(end),
          request,
          context,
          end.completion(),
          contentType,
          end.recorded().orElse(new byte[0]));
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
    }
  }

  private Plan plan(ChatRequest request, CallContext context) {
    try {
      Plan plan = lever.fingerprint().plan(request, context);
      if (plan instanceof Plan.Bypass(BypassReason reason)) {
        lever.bypassed(reason);
      }
      return plan;
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
      return new Plan.Bypass(BypassReason.OPTED_OUT);
    }
  }

  private Optional<ChatReply> reply(Hit hit) {
    try {
      StoredReply stored = StoredReply.of(hit.answer());
      boolean same = !ChatStream.isEventStream(stored.contentType());
      byte[] body = same ? stored.body() : ReplyForm.completion(stored.body());
      String contentType = same ? stored.contentType() : JSON;
      return Optional.of(new ChatReply(200, headers(hit), contentType, body, avoided(stored)));
    } catch (Throwable e) {
      return unreadable(e);
    }
  }

  private Optional<ChatStream> stream(Hit hit, ChatRequest request) {
    try {
      StoredReply stored = StoredReply.of(hit.answer());
      boolean same = ChatStream.isEventStream(stored.contentType());
      byte[] body;
      if (!same) {
        body = ReplyForm.stream(stored.body(), stored.usage(), request.includeUsage());
      } else if (request.includeUsage() != stored.usageAsked()) {
        body = ReplyForm.withUsage(stored.body(), stored.usage(), request.includeUsage());
      } else {
        body = stored.body();
      }
      String contentType = same ? stored.contentType() : EVENTS;
      EventReader events = EventReader.over(body);
      return Optional.of(
          new ChatStream(200, headers(hit), contentType, events, events, avoided(stored)));
    } catch (Throwable e) {
      return unreadable(e);
    }
  }

  private static Map<String, List<String>> headers(Hit hit) {
    return Map.of(CacheLever.HIT_HEADER, List.of(hit.hitId().toString()));
  }

  private <T> Optional<T> unreadable(Throwable e) {
    lever.failOpen().swallow(e);
    return Optional.empty();
  }

  private static Optional<Avoided> avoided(StoredReply stored) {
    return Optional.of(
        new Avoided(CacheLever.NAME, stored.model(), stored.usage(), stored.estimated()));
  }
}
