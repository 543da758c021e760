package dev.askonce.optimizer.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of a request log: a call as the caller made it, and what came of it. Observe mode writes
 * such lines, a replay reads them.
 *
 * <pre>{@code
 * {"at":"2025-11-15T12:00:00Z","endpoint":"faq","tenant":"acme","interactive":true,
 *  "request":{…},"status":200,"response":{…},"latencyMillis":812}
 * }</pre>
 *
 * @param at when the call began
 * @param endpoint the service's name for the place that called
 * @param tenant whose call it was, if anybody's
 * @param interactive whether somebody waited
 * @param api which part of the API a call was for that passed through untouched, such as {@code
 *     embeddings}; empty for chat completions, which are all that a replay can play
 * @param request as it was sent, mostly a chat-completions request; an empty object where it was
 *     not read; not copied
 * @param status HTTP status of the reply; 0 where none came
 * @param response the chat completion, with its usage where the provider gave one; an empty object
 *     where none came; not copied
 * @param latencyMillis from the request to the end of the reply
 */
public record LoggedCall(
    Instant at,
    String endpoint,
    Optional<String> tenant,
    boolean interactive,
    Optional<String> api,
    ObjectNode request,
    int status,
    ObjectNode response,
    OptionalLong latencyMillis) {
  private static final int OK = 200;

  /** A call of another time is a mistake of whoever wrote it down, and no clock reaches it. */
  private static final Instant FIRST = Instant.EPOCH;

  private static final Instant AFTER_LAST = Instant.parse("2200-01-01T00:00:00Z");

  /** A call of chat completions. */
  public LoggedCall(
      Instant at,
      String endpoint,
      Optional<String> tenant,
      boolean interactive,
      ObjectNode request,
      int status,
      ObjectNode response,
      OptionalLong latencyMillis) {
    this(
        at,
        endpoint,
        tenant,
        interactive,
        Optional.empty(),
        request,
        status,
        response,
        latencyMillis);
  }

  public LoggedCall {
    Objects.requireNonNull(api, "api");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(response, "response");
    Objects.requireNonNull(latencyMillis, "latencyMillis");
  }

  /**
   * {@return the call of a line} Unknown fields are ignored; without an endpoint it is {@link
   * CallContext#ENDPOINT_DEFAULT}, without {@code interactive} somebody waited, without {@code
   * status} it is 200.
   *
   * @throws ChatException.InvalidLog if the line is no JSON object, or lacks its time or request,
   *     or its time is not from 1970 to 2199
   */
  public static LoggedCall parse(String line) {
    try {
      return of(Json.MAPPER.readTree(line));
    } catch (JsonProcessingException e) {
      // The parser's message may quote the prompt.
      throw new ChatException.InvalidLog("not JSON");
    }
  }

  /** {@return the call of a line that is parsed already} See {@link #parse}. */
  public static LoggedCall of(JsonNode line) {
    if (!(line.get("request") instanceof ObjectNode request)) {
      throw new ChatException.InvalidLog("no object in \"request\"");
    }
    JsonNode response = line.path("response");
    JsonNode tenant = line.path("tenant");
    JsonNode latency = line.path("latencyMillis");
    return new LoggedCall(
        instant(line.path("at")),
        line.path("endpoint").asText(CallContext.ENDPOINT_DEFAULT),
        tenant.isTextual() ? Optional.of(tenant.textValue()) : Optional.empty(),
        line.path("interactive").asBoolean(true),
        Optional.ofNullable(line.path("api").textValue()),
        request,
        line.path("status").asInt(OK),
        response instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode(),
        latency.isNumber() && latency.asLong() >= 0
            ? OptionalLong.of(latency.longValue())
            : OptionalLong.empty());
  }

  private static Instant instant(JsonNode at) {
    Instant instant;
    try {
      instant = Instant.parse(at.asText());
    } catch (DateTimeException e) {
      throw new ChatException.InvalidLog("no ISO-8601 instant in \"at\"");
    }
    if (instant.isBefore(FIRST) || !instant.isBefore(AFTER_LAST)) {
      throw new ChatException.InvalidLog("\"at\" is not between " + FIRST + " and " + AFTER_LAST);
    }
    return instant;
  }

  /** {@return the model asked for, or the empty string} */
  public String model() {
    return request.path("model").asText("");
  }

  /** {@return the provider's own count, where the response has one} */
  public Optional<Usage> usage() {
    return Usage.read(response.get("usage"));
  }

  /**
   * {@return the price of what answered: of the model that was asked for or, where its name has
   * none, as that of a deployment, of the one that the response names}
   */
  public Optional<Price> price(Prices prices) {
    return prices
        .of("", model(), at, serviceTier())
        .or(() -> prices.of("", response.path("model").asText(""), at, serviceTier()));
  }

  /** {@return the service tier that answered, as far as the response says} */
  public ServiceTier serviceTier() {
    return ServiceTier.of(response);
  }

  /** {@return the line as a tree, which shares {@link #request} and {@link #response}} */
  public ObjectNode toTree() {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("at", at.toString());
    line.put("endpoint", endpoint);
    tenant.ifPresent(name -> line.put("tenant", name));
    line.put("interactive", interactive);
    api.ifPresent(name -> line.put("api", name));
    line.set("request", request);
    line.put("status", status);
    line.set("response", response);
    latencyMillis.ifPresent(millis -> line.put("latencyMillis", millis));
    return line;
  }

  /** {@return the line, without a line break} */
  public String toJson() {
    return toTree().toString();
  }

  /** {@return no texts: prompts do not belong into logs of ours} */
  @Override
  public String toString() {
    return "LoggedCall[" + at + ", " + endpoint + ", " + model() + ", " + status + "]";
  }
}
