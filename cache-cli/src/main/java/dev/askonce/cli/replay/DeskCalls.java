package dev.askonce.cli.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.cli.demo.KnowledgeBase;
import dev.askonce.cli.demo.SupportDesk;
import dev.askonce.cli.demo.Traffic;
import dev.askonce.cli.demo.Traffic.Visit;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The demo's knowledge-base traffic as logged calls. The same for the same seed. */
final class DeskCalls {
  static final String ENDPOINT = "faq";
  private static final int OK = 200;

  private final Traffic traffic;
  private final UnaryOperator<String> system;

  /**
   * @param system makes the system prompt that is sent out of the demo's
   */
  DeskCalls(KnowledgeBase base, int requests, long seed, UnaryOperator<String> system) {
    traffic = new Traffic(base, requests, seed);
    this.system = system;
  }

  /** {@return the next question, as a call of these tokens} */
  LoggedCall next(Instant at, Usage usage) {
    Visit visit = traffic.next();
    String prompt = system.apply(SupportDesk.systemPrompt(visit.tenant()));
    return call(
        at,
        ENDPOINT,
        visit.tenant().name(),
        request(SupportDesk.MODEL, prompt, visit.text()),
        SupportDesk.answerTo(visit),
        usage);
  }

  static ObjectNode request(String model, String system, String user) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("model", model);
    request.putArray("messages").add(message("system", system)).add(message("user", user));
    return request;
  }

  private static ObjectNode message(String role, String content) {
    return JsonNodeFactory.instance.objectNode().put("role", role).put("content", content);
  }

  static LoggedCall call(
      Instant at, String endpoint, String tenant, ObjectNode request, String answer, Usage usage) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("id", "chatcmpl-" + Long.toString(at.toEpochMilli(), Character.MAX_RADIX));
    response.put("object", "chat.completion").put("created", at.getEpochSecond());
    response.put("model", request.path("model").asText());
    ObjectNode choice = response.putArray("choices").addObject().put("index", 0);
    choice.set("message", message("assistant", answer).putNull("refusal"));
    choice.putNull("logprobs").put("finish_reason", "stop");
    response.set("usage", usage.toJson());
    return new LoggedCall(
        at, endpoint, Optional.of(tenant), true, request, OK, response, OptionalLong.empty());
  }

  /**
   * {@return a system prompt lengthened by a handbook until it has so many tokens} The handbook is
   * answers of the knowledge base, as a team would paste them.
   */
  static UnaryOperator<String> withHandbook(
      KnowledgeBase base, TokenCounter tokens, String model, long tokensWanted) {
    List<String> answers =
        base.intents().stream().map(KnowledgeBase.Intent::answer).distinct().toList();
    StringBuilder handbook = new StringBuilder("\n\nFrom the handbook:\n");
    long own = tokens.count(model, SupportDesk.systemPrompt(Traffic.Tenant.BLUEBIRD));
    for (String answer : answers) {
      if (own + tokens.count(model, handbook.toString() + "- " + answer) > tokensWanted) {
        break;
      }
      handbook.append("- ").append(answer).append('\n');
    }
    String text = handbook.toString();
    return prompt -> prompt + text;
  }
}
