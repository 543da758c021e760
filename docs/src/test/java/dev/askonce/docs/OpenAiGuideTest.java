package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.askonce.engine.HitId;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.openai.AskOnce;
import dev.askonce.openai.AskOnceHttpClient;
import dev.askonce.openai.embedding.OpenAiEmbedder;
import dev.askonce.openai.standin.Dialect;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.ledger.LedgerRow;
import dev.askonce.text.MiniLmEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/openai.md shows. */
class OpenAiGuideTest {
  @TempDir Path directory;

  private static StandInServer server(Dialect dialect) {
    return StandInServer.builder().responder(request -> "Yes.").dialect(dialect).start();
  }

  @Test
  void guide_aClientOfYourOwn() {
    try (StandInServer server = server(Dialect.OPENAI);
        Embedder embedder = MiniLmEmbedder.open();
        SemanticCache cache = SemanticCache.at(directory).embedder(embedder).open()) {
      String url = server.baseUrl();
      // region
      Pipeline pipeline = Pipeline.of(cache);
      AskOnceHttpClient http =
          AskOnceHttpClient.builder(OkHttpClient.builder().build(), pipeline)
              .tenant(headers -> headers.values("x-askonce-customer").stream().findFirst())
              .endpoint("support")
              .build();
      OpenAIClient client =
          new OpenAIClientImpl(
              ClientOptions.builder().httpClient(http).baseUrl(url).apiKey("key").build());
      // end
      answer(client, cache);
      client.close();
    }
  }

  private static void answer(OpenAIClient client, SemanticCache cache) {
    // region
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o")
            .addUserMessage("Where do I add a user?")
            .putAdditionalHeader("x-askonce-customer", "acme")
            .putAdditionalHeader(AskOnceHttpClient.ENDPOINT_HEADER, "faq")
            .build();
    HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(request);
    String use = response.headers().values(AskOnceHttpClient.CACHE_HEADER).getFirst();
    Optional<String> hit = response.headers().values("x-askonce-hit").stream().findFirst();
    // end
    assertEquals("miss", use);
    assertTrue(hit.isEmpty());
    String id =
        client
            .chat()
            .completions()
            .withRawResponse()
            .create(request)
            .headers()
            .values("x-askonce-hit")
            .getFirst();
    assertTrue(cache.wrong(HitId.parse(id)));
  }

  @Test
  void guide_otherServers() {
    Pipeline pipeline = Pipeline.observe();
    // region
    OpenAIClient azure =
        AskOnce.openAi(
            pipeline,
            "acme",
            options ->
                options
                    .baseUrl("https://acme.openai.azure.com")
                    .azureServiceVersion(AzureOpenAIServiceVersion.latestStableVersion())
                    .credential(AzureApiKeyCredential.create("key")));
    OpenAIClient ollama =
        AskOnce.openAi(
            pipeline,
            "acme",
            options -> options.baseUrl("http://127.0.0.1:11434/v1").apiKey("unused"));
    // end
    azure.close();
    ollama.close();
  }

  @Test
  void guide_embeddings() throws Exception {
    try (StandInServer server = server(Dialect.OPENAI)) {
      Pipeline pipeline = Pipeline.observe();
      OpenAIClient client =
          AskOnce.openAi(
              pipeline, "acme", options -> options.baseUrl(server.baseUrl()).apiKey("key"));
      // region
      Embedder embedder =
          OpenAiEmbedder.builder(client, "text-embedding-3-small").dimensions(768).build();
      SemanticCache cache =
          SemanticCache.at(directory).embedder(embedder).embedTimeout(Duration.ofSeconds(5)).open();
      // end
      try (cache) {
        assertTrue(!cache.lookup(Scope.tenant("acme"), "Where do I add a user?").isHit());
      }
      assertEquals(1, server.embeddingCalls());
      assertEquals(1, pipeline.ledger().snapshot().total().calls());
      client.close();
    }
  }

  @Test
  void guide_whatIsBooked() {
    try (StandInServer server = server(Dialect.OPENAI)) {
      // region
      Pipeline pipeline = Pipeline.observe();
      OpenAIClient client =
          AskOnce.openAi(
              pipeline, "acme", options -> options.baseUrl(server.baseUrl()).apiKey("key"));
      client
          .responses()
          .create(ResponseCreateParams.builder().model("gpt-4o").input("Say hello").build());
      LedgerRow books = pipeline.ledger().snapshot().total();
      // end
      assertEquals(1, books.calls());
      assertTrue(books.costNanoDollars() > 0);
      client.close();
    }
  }
}
