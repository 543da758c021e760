package dev.askonce.cli.demo;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.cli.demo.Traffic.Tenant;
import dev.askonce.cli.demo.Traffic.Visit;
import dev.askonce.openai.AskOnce;
import dev.askonce.openai.AskOnceHttpClient;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The application: a chat assistant for the staff of three shops, written against the official SDK
 * and knowing nothing of a cache, and the words it sends and expects.
 */
public final class SupportDesk implements AutoCloseable {
  /** What came back for one visit. */
  public record Reply(String id, String content, boolean hit) {}

  /** How the clients reach the model: a loopback address, or the environment's settings. */
  public interface Connection {
    OpenAIClient client(Pipeline pipeline, String tenant);

    /**
     * {@return the connection to a server that stands in for the model's provider} Its port changes
     * from run to run, the provider does not.
     */
    static Connection standIn(String baseUrl) {
      return (pipeline, tenant) -> {
        AskOnceHttpClient http =
            AskOnceHttpClient.builder(OkHttpClient.builder().build(), pipeline)
                .tenant(tenant)
                .provider("stand-in")
                .build();
        return new OpenAIClientImpl(
            ClientOptions.builder().baseUrl(baseUrl).apiKey("not-a-key").httpClient(http).build());
      };
    }

    /** {@return the connection that the environment describes} */
    static Connection live() {
      return AskOnce::openAi;
    }
  }

  /** The model that is asked for. */
  public static final String MODEL = "gpt-4o";

  private static final String SYSTEM =
      """
      You are the support assistant of Harborline, which runs online shops, card payments, card
      readers and shipping for small merchants. You answer the staff of %s. Answer in two to five
      sentences, with the names of menus and the limits that apply. Do not invent features. If you
      are not sure, say so and name the page of the dashboard where the answer is likely to be.\
      """;

  private final Map<Tenant, OpenAIClient> clients = new EnumMap<>(Tenant.class);

  public SupportDesk(Pipeline pipeline, Connection connection) {
    for (Tenant tenant : Tenant.values()) {
      clients.put(tenant, connection.client(pipeline, tenant.name()));
    }
  }

  /** Sends one visitor's question. */
  public Reply ask(Visit visit) {
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model(MODEL)
            .addSystemMessage(systemPrompt(visit.tenant()))
            .addUserMessage(visit.text())
            .build();
    try (HttpResponseFor<ChatCompletion> response =
        clients.get(visit.tenant()).chat().completions().withRawResponse().create(request)) {
      List<String> cache = response.headers().values(AskOnceHttpClient.CACHE_HEADER);
      ChatCompletion completion = response.parse();
      return new Reply(
          completion.id(),
          completion.choices().getFirst().message().content().orElse(""),
          cache.contains("hit"));
    }
  }

  /** {@return the instructions that every question of a tenant's staff is sent with} */
  public static String systemPrompt(Tenant tenant) {
    return SYSTEM.formatted(tenant.shop());
  }

  /** {@return what the stand-in model says to a visit: the right answer, signed for the shop} */
  public static String answerTo(Visit visit) {
    return signed(visit.intent().answer(), visit.tenant());
  }

  /** {@return the tenant for whom an answer is signed, if it is one of ours} */
  public static Optional<Tenant> signedFor(String answer) {
    for (Tenant tenant : Tenant.values()) {
      if (answer.endsWith(signature(tenant))) {
        return Optional.of(tenant);
      }
    }
    return Optional.empty();
  }

  /** The stand-in model: finds the question in the knowledge base and the shop in the prompt. */
  public static String respond(KnowledgeBase base, ChatRequest request) {
    String system = request.messages().get(0).path("content").asText();
    String text = request.lastUserMessage().orElseThrow().path("content").asText();
    for (Tenant tenant : Tenant.values()) {
      if (system.contains(tenant.shop())) {
        return signed(base.of(text).answer(), tenant);
      }
    }
    throw new IllegalArgumentException("no shop in the system prompt");
  }

  private static String signed(String answer, Tenant tenant) {
    return answer + signature(tenant);
  }

  private static String signature(Tenant tenant) {
    return "\n\nHarborline support, for the team of " + tenant.shop();
  }

  @Override
  public void close() {
    clients.values().forEach(OpenAIClient::close);
  }
}
