package dev.askonce.openai.batch;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListPage;
import com.openai.models.batches.BatchListParams;
import com.openai.models.batches.BatchRequestCounts;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.askonce.optimizer.batch.BatchApi;
import dev.askonce.optimizer.batch.BatchRefusal;
import dev.askonce.optimizer.batch.RemoteBatch;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The Batch API of OpenAI, or of whoever speaks it, through the official SDK. Thread-safe.
 *
 * <p>Retries, timeouts, key and address are the client's, but for starting a batch, which is tried
 * once: a second try could be a second batch.
 */
public final class OpenAiBatchApi implements BatchApi {
  private static final String CHAT = "/chat/completions";
  private static final long FILES_LISTED = 10_000;
  private static final long BATCHES_PAGE = 100;

  private final OpenAIClient client;
  private final String url;

  /**
   * @param client not closed by this
   * @param baseUrl the client's own, such as {@code https://api.openai.com/v1}
   */
  public OpenAiBatchApi(OpenAIClient client, String baseUrl) {
    this.client = client;
    String base = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
    this.url = base + CHAT;
  }

  @Override
  public boolean serves(String chatUrl) {
    return chatUrl.equals(url);
  }

  /** {@inheritDoc} Looked for among the newest 10,000 files for batches. */
  @Override
  public Optional<String> findFile(String name) throws IOException {
    FileListParams params =
        FileListParams.builder()
            .purpose("batch")
            .order(FileListParams.Order.DESC)
            .limit(FILES_LISTED)
            .build();
    return asking(
        () ->
            client.files().list(params).items().stream()
                .filter(file -> file.filename().equals(name))
                .map(FileObject::id)
                .findFirst());
  }

  @Override
  public String upload(String name, Path lines) throws IOException {
    try (InputStream in = Files.newInputStream(lines)) {
      FileCreateParams params =
          FileCreateParams.builder()
              .purpose(FilePurpose.BATCH)
              .file(
                  MultipartField.<InputStream>builder()
                      .value(in)
                      .filename(name)
                      .contentType("application/jsonl")
                      .build())
              .build();
      return asking(() -> client.files().create(params).id());
    }
  }

  @Override
  public RemoteBatch create(String fileId, Map<String, String> labels) throws IOException {
    Map<String, JsonValue> metadata = new LinkedHashMap<>();
    labels.forEach((name, value) -> metadata.put(name, JsonValue.from(value)));
    BatchCreateParams params =
        BatchCreateParams.builder()
            .inputFileId(fileId)
            .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
            .completionWindow(BatchCreateParams.CompletionWindow._24H)
            .metadata(BatchCreateParams.Metadata.builder().additionalProperties(metadata).build())
            .build();
    return asking(
        () -> view(client.batches().withOptions(once -> once.maxRetries(0)).create(params)));
  }

  @Override
  public List<RemoteBatch> find(Map<String, String> labels, Instant since) throws IOException {
    return asking(
        () -> {
          List<Batch> found = new ArrayList<>();
          BatchListPage page =
              client.batches().list(BatchListParams.builder().limit(BATCHES_PAGE).build());
          // Newest first: a page on which all are older is followed by older ones.
          while (collect(page, labels, since.getEpochSecond(), found) && page.hasNextPage()) {
            page = page.nextPage();
          }
          found.sort(Comparator.comparingLong(Batch::createdAt));
          return found.stream().map(OpenAiBatchApi::view).toList();
        });
  }

  private static boolean collect(
      BatchListPage page, Map<String, String> labels, long since, List<Batch> found) {
    boolean anyNew = false;
    for (Batch batch : page.items()) {
      anyNew |= batch.createdAt() >= since;
      if (batch.createdAt() >= since && labels(batch).entrySet().containsAll(labels.entrySet())) {
        found.add(batch);
      }
    }
    return anyNew;
  }

  @Override
  public RemoteBatch retrieve(String batchId) throws IOException {
    return asking(() -> view(client.batches().retrieve(batchId)));
  }

  @Override
  public RemoteBatch cancel(String batchId) throws IOException {
    return asking(() -> view(client.batches().cancel(batchId)));
  }

  @Override
  public InputStream content(String fileId) throws IOException {
    HttpResponse response = asking(() -> client.files().content(fileId));
    return new FilterInputStream(response.body()) {
      @Override
      public void close() throws IOException {
        try (response) {
          super.close();
        }
      }
    };
  }

  private static RemoteBatch view(Batch batch) {
    Optional<BatchRequestCounts> counts = batch.requestCounts();
    List<RemoteBatch.Problem> problems =
        batch.errors().flatMap(Batch.Errors::data).orElse(List.of()).stream()
            .map(
                error ->
                    new RemoteBatch.Problem(
                        error.code().orElse(""),
                        error.message().orElse(""),
                        error.line().orElse(0L).intValue()))
            .toList();
    return new RemoteBatch(
        batch.id(),
        RemoteBatch.Status.of(batch.status().asString()),
        batch.outputFileId(),
        batch.errorFileId(),
        counts.map(BatchRequestCounts::completed).orElse(0L),
        counts.map(BatchRequestCounts::failed).orElse(0L),
        problems,
        labels(batch));
  }

  private static Map<String, String> labels(Batch batch) {
    Map<String, String> labels = new LinkedHashMap<>();
    Map<String, JsonValue> metadata =
        batch.metadata().map(Batch.Metadata::_allProperties).orElse(Map.of());
    for (Map.Entry<String, JsonValue> entry : metadata.entrySet()) {
      String value = entry.getValue().convert(String.class);
      if (value != null) {
        labels.put(entry.getKey(), value);
      }
    }
    return labels;
  }

  private static <T> T asking(Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (OpenAIServiceException e) {
      throw new BatchRefusal(e.statusCode(), String.valueOf(e.getMessage()), e);
    } catch (OpenAIException e) {
      throw new IOException(e.getMessage() + reason(e), e);
    }
  }

  private static String reason(OpenAIException e) {
    return e.getCause() == null ? "" : ": " + e.getCause().getMessage();
  }
}
