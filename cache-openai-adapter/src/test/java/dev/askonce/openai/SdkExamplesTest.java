package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpClient;
import dev.askonce.engine.SemanticCache;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.ledger.LedgerRow;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kinds of examples in the README of the SDK's version in use: each has the same outcome with
 * AskOnce under the client as without it, when it is asked first and when it is a hit.
 */
@Timeout(60)
final class SdkExamplesTest {
  @TempDir Path directory;
  private SemanticCache cache;
  private Pipeline pipeline;

  @BeforeEach
  void open() {
    cache = SemanticCache.at(directory).embedder(new WordEmbedder()).entriesMax(1_000).open();
    pipeline = Pipeline.of(cache);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private static OpenAIClient over(HttpClient http) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(http)
            .baseUrl("http://api.invalid/v1")
            .apiKey("My API Key")
            .build());
  }

  private OpenAIClient withAskOnce(HttpClient api) {
    return over(AskOnceHttpClient.builder(api, pipeline).tenant("acme").build());
  }

  @TestFactory
  Stream<DynamicTest> example_hasTheSameOutcomeWithAskOnce() {
    return SdkExamples.all().entrySet().stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.getKey(),
                    () -> {
                      Object expected = example.getValue().apply(over(new ExampleApi()));
                      OpenAIClient client = withAskOnce(new ExampleApi());
                      for (int i = 0; i < 3; i++) {
                        assertEquals(expected, example.getValue().apply(client), "call " + i);
                      }
                    }));
  }

  @Test
  void examplesOfChats_areHitsTheSecondTime() {
    ExampleApi api = new ExampleApi();
    OpenAIClient client = withAskOnce(api);
    for (String name : List.of("usage", "structured outputs", "conversation", "raw response")) {
      SdkExamples.all().get(name).apply(client);
      int first = api.requests.size();
      SdkExamples.all().get(name).apply(client);
      assertEquals(first, api.requests.size(), name);
    }
    LedgerRow total = pipeline.ledger().snapshot().total();
    assertTrue(total.avoided().input() > 0);
  }

  @TestFactory
  Stream<DynamicTest> exampleOfResponses_hasTheSameOutcomeWithAskOnce() {
    return SdkExamples.ofResponses().entrySet().stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.getKey(), () -> assertSameWithAskOnce(example.getValue())));
  }

  private void assertSameWithAskOnce(Function<OpenAIClient, Object> example) {
    try (StandInServer server =
        StandInServer.start(request -> "{\"title\":\"Kim\",\"year\":1901}")) {
      Function<HttpClient, OpenAIClient> client =
          http ->
              over(http).withOptions(options -> options.baseUrl(server.baseUrl()).maxRetries(0));
      HttpClient network = OkHttpClient.builder().build();
      Object expected = example.apply(client.apply(network));
      HttpClient askOnce = AskOnceHttpClient.builder(network, pipeline).tenant("acme").build();
      assertEquals(expected, example.apply(client.apply(askOnce)));
      assertEquals(expected, example.apply(client.apply(askOnce)));
      assertEquals(3, server.otherCalls());
      network.close();
    }
  }
}
