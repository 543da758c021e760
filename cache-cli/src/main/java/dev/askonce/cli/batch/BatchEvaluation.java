package dev.askonce.cli.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.askonce.openai.batch.OpenAiBatchApi;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.batch.BatchCall;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.JobBill;
import dev.askonce.optimizer.batch.JobStatus;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two whole jobs of documents against the stand-in, one of them with duplicates. The documents are
 * names that count as so many tokens: machinery and arithmetic are the real ones, texts are not.
 */
public final class BatchEvaluation {
  private static final String ANSWER = "A summary.";
  private static final double NANOS = 1e9;

  private final int documents;
  private final long inputTokens;
  private final long outputTokens;
  private final Consumer<JobStatus> progress;

  public BatchEvaluation(
      int documents, long inputTokens, long outputTokens, Consumer<JobStatus> progress) {
    this.documents = documents;
    this.inputTokens = inputTokens;
    this.outputTokens = outputTokens;
    this.progress = progress;
  }

  /** {@return what both jobs cost} */
  public BatchEvalReport run(int duplicates) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("askonce-batch-");
    try (StandInServer server =
            StandInServer.builder().tokens(this::count).responder(request -> ANSWER).start();
        OpenAIClientCloser client = new OpenAIClientCloser(server.baseUrl())) {
      OpenAiBatchApi api = new OpenAiBatchApi(client.client, server.baseUrl());
      try (BatchJob plain = job(api, directory.resolve("plain"), server.baseUrl(), 0);
          BatchJob mixed = job(api, directory.resolve("mixed"), server.baseUrl(), duplicates)) {
        int answered = plain.await(progress).answered();
        mixed.await(progress);
        JobBill bill = plain.bill();
        return new BatchEvalReport(
            documents,
            inputTokens,
            outputTokens,
            bill.baselineNanoDollars() / NANOS,
            bill.paidNanoDollars() / NANOS,
            mixed.estimate().duplicates(),
            mixed.bill().paidNanoDollars() / NANOS,
            answered);
      }
    } finally {
      delete(directory);
    }
  }

  /** The SDK's client is no {@link AutoCloseable}. */
  private static final class OpenAIClientCloser implements AutoCloseable {
    final OpenAIClient client;

    OpenAIClientCloser(String baseUrl) {
      client = OpenAIOkHttpClient.builder().apiKey("none").baseUrl(baseUrl).build();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private long count(String model, String text) {
    if (text.startsWith("Document")) {
      return inputTokens - TokenCounter.PRIMING_TOKENS - TokenCounter.MESSAGE_TOKENS - 1;
    }
    return text.equals(ANSWER) ? outputTokens : 1;
  }

  private BatchJob job(OpenAiBatchApi api, Path directory, String baseUrl, int duplicates)
      throws IOException {
    CallContext context = CallContext.of("acme", baseUrl + "/chat/completions").interactive(false);
    int distinct = documents - duplicates;
    Iterator<BatchCall> calls =
        IntStream.range(0, documents)
            .mapToObj(i -> new BatchCall("document-" + i, request(i % distinct), context))
            .iterator();
    return BatchJob.builder(api, directory)
        .prices(Prices.november2025())
        .tokens(this::count)
        .pause(time -> {})
        .plan(calls);
  }

  private ChatRequest request(int document) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("model", "gpt-4o");
    json.put("max_completion_tokens", outputTokens);
    json.putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", "Document " + document);
    return ChatRequest.parse(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
