package dev.askonce.openai.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.askonce.openai.standin.BatchFault;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.batch.BatchCall;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.BatchJobBuilder;
import dev.askonce.optimizer.batch.BatchRefusal;
import dev.askonce.optimizer.batch.ItemResult;
import dev.askonce.optimizer.batch.JobStatus;
import dev.askonce.optimizer.batch.MovingClock;
import dev.askonce.optimizer.batch.RemoteBatch;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK against the stand-in, and whole jobs through both. */
class OpenAiBatchApiTest {
  @TempDir Path temp;

  private final StandInServer server =
      StandInServer.start(request -> "re " + request.messages().get(0).path("content").asText());
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder().apiKey("none").baseUrl(server.baseUrl()).maxRetries(0).build();
  private final OpenAiBatchApi api = new OpenAiBatchApi(client, server.baseUrl());

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private final MovingClock clock = new MovingClock();

  private BatchJobBuilder builder() {
    return BatchJob.builder(api, temp.resolve("job"))
        .tokens((model, text) -> text.length())
        .clock(clock)
        .pause(clock);
  }

  private BatchJob plan(String... texts) throws IOException {
    return builder().plan(calls(texts));
  }

  private Iterator<BatchCall> calls(String... texts) {
    CallContext context = CallContext.of("acme", server.baseUrl() + "/chat/completions");
    List<BatchCall> calls = new ArrayList<>();
    for (String text : texts) {
      String json = "{'model':'gpt-4o','messages':[{'role':'user','content':'" + text + "'}]}";
      byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      calls.add(new BatchCall("id-" + calls.size(), ChatRequest.parse(body), context));
    }
    return calls.iterator();
  }

  @Test
  void job_isAnsweredThroughTheWire() throws Exception {
    try (BatchJob job = plan("a", "ß\\n\\\"", "a")) {
      JobStatus status = job.await(seen -> {});
      assertEquals(3, status.answered(), status.toString());
      assertEquals(
          "re ß\n\"", job.result(1).orElseThrow().body().at("/choices/0/message/content").asText());
      assertEquals(2, server.batchAnswers());
      assertEquals(0, server.chatCalls());
      assertTrue(job.result(0).orElseThrow().requestId().startsWith("req_"));
    }
  }

  @Test
  void everyFault_endsWithAllAnswersAndNonePaidTwice() throws Exception {
    server.failNextBatches(
        BatchFault.CREATE_CUT, BatchFault.EXPIRED, BatchFault.LINE_ERRORS, BatchFault.NONE);
    try (BatchJob job = builder().attemptsMax(9).plan(calls("a", "b", "c", "d"))) {
      JobStatus status = job.await(seen -> {});
      assertEquals(4, status.answered(), status.toString());
      assertEquals(4, server.batchAnswers());
    }
  }

  @Test
  void rejectedLine_failsAloneAndTokenLimitWaits() throws Exception {
    server.failNextBatches(BatchFault.TOKEN_LIMIT, BatchFault.REJECTED);
    try (BatchJob job = plan("a", "b", "c")) {
      JobStatus status = job.await(seen -> {});
      assertEquals(2, status.answered(), status.toString());
      assertEquals("invalid_request", job.result(0).orElseThrow().errorCode());
      assertEquals(ItemResult.Source.BATCH, job.result(1).orElseThrow().source());
    }
  }

  @Test
  void cancelledBatch_keepsItsFirstHalf() throws Exception {
    try (BatchJob job = plan("a", "b", "c", "d")) {
      job.advance();
      job.advance();
      job.cancel();
      JobStatus status = job.await(seen -> {});
      assertEquals(JobStatus.State.CANCELLED, status.state());
      assertEquals(2, status.answered());
      assertEquals(2, server.batchAnswers());
    }
  }

  @Test
  void batches_areFoundByTheirLabelsAcrossPages() throws Exception {
    Path file = Files.writeString(temp.resolve("lines"), "{}\n");
    String fileId = api.upload("askonce-x.jsonl", file);
    assertEquals(fileId, api.findFile("askonce-x.jsonl").orElseThrow());
    assertFalse(api.findFile("askonce-y.jsonl").isPresent());
    RemoteBatch wanted = api.create(fileId, Map.of("job", "1", "part", "1"));
    for (int i = 0; i < 120; i++) {
      api.create(fileId, Map.of("job", "2"));
    }
    List<RemoteBatch> found = api.find(Map.of("job", "1"), Instant.EPOCH);
    assertEquals(List.of(wanted.id()), found.stream().map(RemoteBatch::id).toList());
    assertEquals(Map.of("job", "1", "part", "1"), found.getFirst().labels());
    assertEquals(List.of(), api.find(Map.of("job", "1"), Instant.now().plusSeconds(3600)));
    try (InputStream in = api.content(fileId)) {
      assertEquals("{}\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void refusals_carryTheStatusAndNoAnswerDoesNot() {
    BatchRefusal refusal = assertThrows(BatchRefusal.class, () -> api.retrieve("batch_none"));
    assertEquals(404, refusal.status());
    refusal = assertThrows(BatchRefusal.class, () -> api.create("file-none", Map.of()));
    assertEquals(400, refusal.status());
    server.close();
    IOException broken = assertThrows(IOException.class, () -> api.retrieve("batch_none"));
    assertFalse(broken instanceof BatchRefusal);
  }

  @Test
  void onlyItsOwnChats_areServed() {
    assertTrue(api.serves(server.baseUrl() + "/chat/completions"));
    assertFalse(api.serves("https://elsewhere.example/v1/chat/completions"));
    assertTrue(
        new OpenAiBatchApi(client, "https://a.example/v1/")
            .serves("https://a.example/v1/chat/completions"));
  }
}
