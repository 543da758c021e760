package dev.askonce.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpClient;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.send.FallbackLever;
import java.util.function.Consumer;

/**
 * Makes clients of the official SDK that ask the cache first.
 *
 * <pre>{@code
 * SemanticCache cache = SemanticCache.at(directory).embedder(embedder).open();
 * OpenAIClient client = AskOnce.openAi(Pipeline.of(cache), "acme");
 * }</pre>
 *
 * <p>The SDK's own builder, {@code OpenAIOkHttpClient}, takes no HTTP client; its {@link
 * ClientOptions} do, so a client is made of those. To set the tenant by request, or anything else
 * of {@link AskOnceHttpClient}, do by hand what {@link #openAi(Pipeline, String, Consumer)} does:
 *
 * <pre>{@code
 * HttpClient http =
 *     AskOnceHttpClient.builder(OkHttpClient.builder().build(), pipeline)
 *         .tenant(headers -> headers.values("x-customer").stream().findFirst())
 *         .build();
 * OpenAIClient client =
 *     new OpenAIClientImpl(ClientOptions.builder().fromEnv().httpClient(http).build());
 * }</pre>
 */
public final class AskOnce {
  private AskOnce() {}

  /** {@return a client whose key and address come from the environment, as the SDK reads it} */
  public static OpenAIClient openAi(Pipeline pipeline, String tenant) {
    return openAi(pipeline, tenant, ClientOptions.Builder::fromEnv);
  }

  /**
   * {@return a client with these options} Its close closes its HTTP client, not the cache. Where
   * the pipeline has a {@link FallbackLever}, which tries again itself, the SDK does not unless the
   * options say so.
   *
   * @param tenant whose requests these are; nobody else sees their answers
   * @param options sets key, address, retries and the like; not the HTTP client
   */
  public static OpenAIClient openAi(
      Pipeline pipeline, String tenant, Consumer<ClientOptions.Builder> options) {
    return openAi(OkHttpClient.builder().build(), pipeline, tenant, options);
  }

  /** {@return a client above another HTTP client} That one is closed if there is no client. */
  static OpenAIClient openAi(
      HttpClient below, Pipeline pipeline, String tenant, Consumer<ClientOptions.Builder> options) {
    try {
      AskOnceHttpClient http = AskOnceHttpClient.builder(below, pipeline).tenant(tenant).build();
      ClientOptions.Builder builder = ClientOptions.builder();
      if (pipeline.levers().stream().anyMatch(FallbackLever.class::isInstance)) {
        // One loop of retries: each of the SDK's three tries would be tried three times below.
        builder.maxRetries(0);
      }
      options.accept(builder);
      return new OpenAIClientImpl(builder.httpClient(http).build());
    } catch (Throwable e) {
      below.close();
      throw e;
    }
  }
}
