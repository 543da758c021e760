package dev.askonce.openai;

import static dev.askonce.openai.Stack.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.openai.Stack.Reply;
import dev.askonce.openai.standin.StandInServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making clients: the factory, tenants, and the name of the provider. */
@Timeout(60)
final class AskOnceTest {
  @TempDir Path directory;
  private Stack stack;

  @BeforeEach
  void open() {
    stack = new Stack(directory);
  }

  @AfterEach
  void close() {
    stack.close();
  }

  private static ChatCompletionCreateParams plain(String text) {
    return ask(text).build();
  }

  @Test
  void factory_makesAClientInOneCall() {
    OpenAIClient client =
        AskOnce.openAi(
            stack.pipeline,
            "acme",
            options -> options.baseUrl(stack.server.baseUrl()).apiKey("none").maxRetries(0));
    ChatCompletion first = client.chat().completions().create(plain("q"));
    assertEquals(first, client.chat().completions().create(plain("q")));
    assertTrue(stack.send(plain("q")).isHit(), "the same tenant and address");
    client.close();
  }

  @Test
  void factory_throws_closesItsHttpClient() {
    List<Consumer<ClientOptions.Builder>> faulty =
        List.of(
            options -> {
              throw new IllegalStateException("faulty options");
            },
            options -> options.maxRetries(-1),
            options -> options.apiKey("none"));
    for (Consumer<ClientOptions.Builder> options : faulty) {
      ScriptedHttpClient below = new ScriptedHttpClient(call -> "{}");
      String tenant = options == faulty.getLast() ? " " : "acme";
      assertThrows(
          RuntimeException.class, () -> AskOnce.openAi(below, stack.pipeline, tenant, options));
      assertTrue(below.closed);
    }
  }

  @Test
  void clientWithoutATenant_isRefused() {
    assertThrows(
        RuntimeException.class,
        () -> AskOnceHttpClient.builder(OkHttpClient.builder().build(), stack.pipeline).build());
    assertThrows(
        RuntimeException.class,
        () ->
            AskOnceHttpClient.builder(OkHttpClient.builder().build(), stack.pipeline).tenant(" "));
  }

  @Test
  void sameNamedProviderAtAnotherAddress_sharesAndAnotherAddressDoesNot() {
    stack.send(plain("q"));
    try (StandInServer moved = StandInServer.start(Stack.numbered())) {
      assertFalse(hits(moved, Optional.empty()), "another address is another provider");
      assertFalse(hits(stack.server, Optional.of("gateway")), "another name is another provider");
      assertTrue(hits(moved, Optional.of("gateway")));
      assertEquals(1, moved.chatCalls());
    }
  }

  /** {@return whether one client's one question was a hit} */
  private boolean hits(StandInServer server, Optional<String> provider) {
    AskOnceHttpClient.Builder http =
        AskOnceHttpClient.builder(OkHttpClient.builder().build(), stack.pipeline).tenant("acme");
    provider.ifPresent(http::provider);
    OpenAIClient client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(http.build())
                .baseUrl(server.baseUrl())
                .apiKey("none")
                .build());
    try {
      return Reply.of(client.chat().completions().withRawResponse().create(plain("q"))).isHit();
    } finally {
      client.close();
    }
  }
}
