package dev.askonce.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.ledger.RequestLog;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes one call that passes through into the pipeline's request log, if it has one. What is not
 * read of a call is not in its line.
 */
final class PassedLog {
  private static final byte[] NOTHING = {};

  private final Optional<RequestLog> log;
  private final CallContext context;
  private final String api;
  private final byte[] request;
  private final FailOpen failOpen;
  private final Instant at;

  private PassedLog(
      Optional<RequestLog> log,
      CallContext context,
      String api,
      byte[] request,
      FailOpen failOpen) {
    this.log = log;
    this.context = context;
    this.api = api;
    this.request = request;
    this.failOpen = failOpen;
    this.at = log.map(RequestLog::now).orElse(Instant.EPOCH);
  }

  /**
   * {@return the log of a call that begins now}
   *
   * @param api which part of the API it is for
   * @param request its body, if it was read
   */
  static PassedLog of(
      Pipeline pipeline,
      CallContext context,
      String api,
      Optional<byte[]> request,
      FailOpen failOpen) {
    Optional<RequestLog> log =
        pipeline.levers().stream()
            .filter(RequestLog.class::isInstance)
            .map(RequestLog.class::cast)
            .findFirst();
    return new PassedLog(log, context, api, request.orElse(NOTHING), failOpen);
  }

  /** Writes down a call whose reply is not looked at, at the head of it. */
  void headed(HttpResponse response, Throwable error) {
    replied(error == null ? response.statusCode() : 0, "", "", Optional.empty());
  }

  /**
   * Writes down what is known of a reply.
   *
   * @param status 0 where none came
   */
  void replied(int status, String model, String serviceTier, Optional<ObjectNode> usage) {
    if (log.isEmpty()) {
      return;
    }
    try {
      ObjectNode reply = Json.MAPPER.createObjectNode();
      if (!model.isEmpty()) {
        reply.put("model", model);
      }
      if (!serviceTier.isEmpty()) {
        reply.put("service_tier", serviceTier);
      }
      usage.ifPresent(found -> reply.set("usage", found));
      log.get().passed(at, context, api, request, status, Json.MAPPER.writeValueAsBytes(reply));
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }
}
