package dev.askonce.openai.embedding;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIIoException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The embeddings endpoint as an {@link Embedder}: OpenAI's, Azure's or that of any server of the
 * same shape. Vectors have unit length.
 *
 * <p>A text of more tokens than the model reads is embedded by its beginning and reported as
 * {@linkplain Embedding#truncated truncated}; so is one with half of a surrogate pair, which cannot
 * be sent. An empty text has the vector of a blank.
 *
 * <p>Each call costs money and a round trip, so a repeat costs one too: the cache asks for a vector
 * only after its exact tier had no answer. Retries are the client's: set them there, with its
 * {@code maxRetries}.
 *
 * <p>Threading: safe for any number of threads; a call waits on the caller's thread while a virtual
 * thread of its own sends it. Closing does nothing, since the client is the caller's.
 */
public final class OpenAiEmbedder implements Embedder {
  /** Goes up when the same settings would give other vectors or flags. */
  private static final int PROCESSING_VERSION = 1;

  private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);

  /** 73 years, so that a deadline never wraps. */
  private static final Duration TIMEOUT_MAX = Duration.ofNanos(Long.MAX_VALUE / 4);

  private final OpenAIClient client;
  private final OpenAiEmbedderBuilder settings;
  private final int dimension;
  private final FailOpen observing;

  OpenAiEmbedder(OpenAIClient client, OpenAiEmbedderBuilder settings, int dimension) {
    this.client = client;
    this.settings = settings;
    this.dimension = dimension;
    this.observing = new FailOpen("the observer of embeddings", settings.clock);
  }

  /**
   * {@return settings to make an embedder with}
   *
   * @param client sends the requests; its options say where, with which key and how often again
   * @param model such as {@code text-embedding-3-small}; on Azure the name of the deployment
   */
  public static OpenAiEmbedderBuilder builder(OpenAIClient client, String model) {
    return new OpenAiEmbedderBuilder(client, model);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String fingerprint() {
    return String.join(
        " ",
        "openai-embeddings",
        "provider=" + settings.provider,
        "model=" + settings.model,
        "dimensions=" + dimension,
        "normalisation=l2",
        "tokens=" + settings.tokensMax,
        "processing=" + PROCESSING_VERSION);
  }

  /**
   * {@inheritDoc} The client's retries count too. A request that is late is cancelled.
   *
   * @throws com.openai.errors.OpenAIException if the API refuses, cannot be reached, or answers
   *     with something else than vectors
   * @throws CancellationException if the thread is interrupted; its interrupt status stays set
   */
  @Override
  public Embedding embed(String text, Duration timeout) throws TimeoutException {
    return embedAll(List.of(text), timeout).getFirst();
  }

  /**
   * {@inheritDoc} As many in one request as the API takes, one request after the other; all are
   * embedded or none is returned. Errors are those of {@link #embed}.
   */
  @Override
  public List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
    long deadline =
        System.nanoTime() + (timeout.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : timeout).toNanos();
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    List<InputText> batch = new ArrayList<>();
    long batchTokens = 0;
    for (String text : texts) {
      // A bound is enough for one text, but would make more requests of many than need be.
      InputText input =
          InputText.of(text, settings.model, settings.tokensMax, settings.tokens, texts.size() > 1);
      boolean full =
          batch.size() == settings.inputsMax
              || batchTokens + input.tokensMost() > settings.requestTokensMax;
      if (full && !batch.isEmpty()) {
        send(batch, deadline, embeddings);
        batch.clear();
        batchTokens = 0;
      }
      batch.add(input);
      batchTokens += input.tokensMost();
    }
    if (!batch.isEmpty()) {
      send(batch, deadline, embeddings);
    }
    return embeddings;
  }

  private void send(List<InputText> batch, long deadline, List<Embedding> target)
      throws TimeoutException {
    CreateEmbeddingResponse response = call(params(batch), deadline);
    report(response);
    float[][] vectors = Vectors.of(response, batch.size(), dimension);
    for (int i = 0; i < vectors.length; i++) {
      target.add(new Embedding(vectors[i], !batch.get(i).whole()));
    }
  }

  private EmbeddingCreateParams params(List<InputText> batch) {
    EmbeddingCreateParams.Builder params =
        EmbeddingCreateParams.builder()
            .model(settings.model)
            .encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64);
    settings.dimensionsAsked.ifPresent(params::dimensions);
    return batch.size() == 1
        ? params.input(batch.getFirst().text()).build()
        : params.inputOfArrayOfStrings(batch.stream().map(InputText::text).toList()).build();
  }

  /** Runs a call on a thread that an interrupt gets out of, wherever in its retries it is. */
  private CreateEmbeddingResponse call(EmbeddingCreateParams params, long deadline)
      throws TimeoutException {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      throw new TimeoutException("no time is left to embed");
    }
    // To the HTTP client below, which counts milliseconds, zero is no limit.
    RequestOptions options =
        RequestOptions.builder()
            .timeout(left.compareTo(TIMEOUT_MIN) < 0 ? TIMEOUT_MIN : left)
            .build();
    FutureTask<CreateEmbeddingResponse> call =
        new FutureTask<>(() -> client.embeddings().create(params, options));
    Thread.ofVirtual().name("askonce-embedding").start(call);
    try {
      return call.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      call.cancel(true);
      throw late(left, e);
    } catch (InterruptedException e) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while embedding");
    } catch (ExecutionException e) {
      if (deadline - System.nanoTime() <= 0) {
        throw late(left, e.getCause());
      }
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new OpenAIIoException("embedding failed", e.getCause());
    }
  }

  private static TimeoutException late(Duration given, Throwable cause) {
    TimeoutException late = new TimeoutException("not embedded within " + given);
    late.initCause(cause);
    return late;
  }

  private void report(CreateEmbeddingResponse response) {
    try {
      response
          ._usage()
          .asKnown()
          .ifPresent(
              usage ->
                  settings.observer.accept(
                      response._model().asKnown().orElse(settings.model),
                      Usage.of(usage.promptTokens(), 0)));
    } catch (Throwable e) {
      observing.swallow(e);
    }
  }
}
