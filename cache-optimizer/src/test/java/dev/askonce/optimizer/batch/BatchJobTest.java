package dev.askonce.optimizer.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.batch.FakeBatchApi.Fate;
import dev.askonce.optimizer.batch.FakeBatchApi.Killed;
import dev.askonce.optimizer.batch.JobStatus.State;
import dev.askonce.optimizer.batch.RemoteBatch.Problem;
import dev.askonce.optimizer.batch.RemoteBatch.Status;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchJobTest {
  private static final CallContext CONTEXT =
      CallContext.of("acme", Wire.URL).interactive(false).endpoint("documents");

  /** A token a character: the vocabularies of the real one take a second to read. */
  private static final TokenCounter TOKENS = (model, text) -> text.length();

  @TempDir Path temp;

  private final FakeBatchApi api = new FakeBatchApi();
  private final MovingClock clock = new MovingClock();
  private final FakeSemanticCache cache = new FakeSemanticCache();
  private final CacheLever lever = CacheLever.builder(cache).tokens(TOKENS).clock(clock).build();

  private BatchJobBuilder builder() {
    return BatchJob.builder(api, temp.resolve("job"))
        .tokens(TOKENS)
        .clock(clock)
        .pause(clock)
        .random(new Random(5))
        .cache(lever);
  }

  private static List<BatchCall> calls(String... texts) {
    List<BatchCall> calls = new ArrayList<>();
    for (String text : texts) {
      calls.add(new BatchCall("id-" + calls.size(), Wire.ask(text), CONTEXT));
    }
    return calls;
  }

  private BatchJob plan(String... texts) throws IOException {
    return builder().plan(calls(texts).iterator());
  }

  private static String content(BatchJob job, int index) throws IOException {
    return job.result(index).orElseThrow().body().at("/choices/0/message/content").asText();
  }

  @Test
  void equalRequests_areOneLineAndAllAnswered() throws Exception {
    ChatRequest turned =
        Wire.request("{'messages':[{'content':'a','role':'user'}],'model':'gpt-4o'}");
    List<BatchCall> calls = calls("a", "b", "a");
    calls.add(new BatchCall("turned", turned, CONTEXT));
    try (BatchJob job = builder().plan(calls.iterator())) {
      JobStatus status = job.await(seen -> {});
      assertEquals(State.DONE, status.state());
      assertEquals(4, status.answered());
      assertEquals(2, api.billed.size());
      assertEquals("re a", content(job, 3));
      assertEquals(ItemResult.Source.BATCH, job.result(0).orElseThrow().source());
      assertEquals(ItemResult.Source.DUPLICATE, job.result(2).orElseThrow().source());
    }
  }

  @Test
  void equalRequestsOfTwoTenants_areTwo() throws Exception {
    List<BatchCall> calls = calls("a");
    calls.add(new BatchCall("other", Wire.ask("a"), CONTEXT.tenant("globex")));
    try (BatchJob job = builder().plan(calls.iterator())) {
      assertEquals(0, job.estimate().duplicates());
      job.await(seen -> {});
      assertEquals(2, api.billed.get("a"));
    }
  }

  @Test
  void equalRequests_areTwoWhereWanted() throws Exception {
    try (BatchJob job = builder().deduplicates(false).plan(calls("a", "a").iterator())) {
      job.await(seen -> {});
      assertEquals(2, api.billed.get("a"));
    }
  }

  @Test
  void answersOfTheCache_areNotAsked_andNewOnesAreKept() throws Exception {
    try (BatchJob job = plan("a", "b")) {
      job.await(seen -> {});
    }
    assertEquals(2, cache.size());
    try (BatchJob job =
        BatchJob.builder(api, temp.resolve("second"))
            .tokens(TOKENS)
            .clock(clock)
            .pause(clock)
            .cache(lever)
            .plan(calls("a", "c", "a").iterator())) {
      assertEquals(1, job.estimate().cached());
      assertEquals(1, job.estimate().duplicates());
      assertEquals(1, job.estimate().planned());
      job.await(seen -> {});
      assertEquals("re a", content(job, 0));
      assertEquals(ItemResult.Source.CACHE, job.result(0).orElseThrow().source());
      assertEquals(1, api.billed.get("a"));
      assertEquals(0, cache.openTickets());
    }
  }

  @Test
  void everythingCached_isOverAtOnce() throws Exception {
    try (BatchJob job = plan("a")) {
      job.await(seen -> {});
    }
    Path second = temp.resolve("second");
    try (BatchJob job =
        BatchJob.builder(api, second).tokens(TOKENS).cache(lever).plan(calls("a").iterator())) {
      assertEquals(State.DONE, job.advance().state());
      assertEquals(1, api.batchCount());
    }
  }

  @Test
  void expiredAndFailedRequests_aloneAreAskedAgain() throws Exception {
    api.script =
        (text, asked) ->
            switch (text) {
              case "expires" -> asked < 2 ? Fate.EXPIRE : Fate.ANSWER;
              case "fails" -> asked < 3 ? Fate.SERVER_ERROR : Fate.ANSWER;
              case "vanishes" -> asked < 2 ? Fate.FORGET : Fate.ANSWER;
              default -> Fate.ANSWER;
            };
    try (BatchJob job = plan("good", "expires", "fails", "vanishes")) {
      JobStatus status = job.await(seen -> {});
      assertEquals(4, status.answered());
      assertEquals(List.of(4, 3, 1), status.parts().stream().map(part -> part.lines()).toList());
      assertEquals(1, api.asked.get("good"));
      assertEquals(3, job.result(2).orElseThrow().attempt());
    }
  }

  @Test
  void requestThatNeverSucceeds_isGivenUpAfterTheLastAttempt() throws Exception {
    api.script = (text, asked) -> text.equals("bad") ? Fate.SERVER_ERROR : Fate.ANSWER;
    try (BatchJob job = plan("good", "bad", "bad")) {
      JobStatus status = job.await(seen -> {});
      assertEquals(State.DONE, status.state());
      assertEquals(1, status.answered());
      assertEquals(2, status.failed());
      assertEquals(3, api.asked.get("bad"));
      assertEquals(500, job.result(1).orElseThrow().status());
    }
  }

  @Test
  void callersMistake_isNotAskedAgain() throws Exception {
    api.script = (text, asked) -> Fate.BAD_REQUEST;
    try (BatchJob job = plan("bad")) {
      assertEquals(1, job.await(seen -> {}).failed());
      assertEquals(1, api.asked.get("bad"));
      assertEquals(0, cache.size());
    }
  }

  @Test
  void expiredBatch_keepsWhatWasAnswered() throws Exception {
    api.script = (text, asked) -> text.equals("late") ? Fate.EXPIRE : Fate.ANSWER;
    api.endsAs = status -> Status.EXPIRED;
    try (BatchJob job = builder().attemptsMax(1).plan(calls("early", "late").iterator())) {
      JobStatus status = job.await(seen -> {});
      assertEquals(1, status.answered());
      assertEquals("batch_expired", job.result(1).orElseThrow().errorCode());
    }
  }

  @Test
  void faultyLines_failAndTheOthersAreAskedAgain() throws Exception {
    api.reject(new Problem("invalid_value", "no such field", 2));
    try (BatchJob job = plan("a", "b", "c")) {
      JobStatus status = job.await(seen -> {});
      assertEquals(2, status.answered());
      assertEquals("invalid_value", job.result(1).orElseThrow().errorCode());
    }
  }

  @Test
  void batchOverTheTokenLimit_waitsAndIsCreatedAgain() throws Exception {
    api.reject(new Problem("token_limit_exceeded", "too much waits", 0));
    try (BatchJob job = plan("a")) {
      JobStatus status = job.await(seen -> {});
      assertEquals(1, status.answered());
      assertEquals(1, status.parts().size());
      assertEquals(2, api.batchCount());
    }
  }

  @Test
  void fileThatIsRefused_isGivenUpAfterThreeTries() throws Exception {
    api.refuseCreates = 9;
    try (BatchJob job = plan("a")) {
      List<String> troubles = new ArrayList<>();
      JobStatus status = job.await(seen -> seen.trouble().ifPresent(troubles::add));
      assertEquals(State.DONE, status.state());
      assertEquals(1, status.failed());
      assertEquals("status 400: no such file", troubles.getFirst());
      assertEquals("batch_refused", job.result(0).orElseThrow().errorCode());
    }
  }

  @Test
  void job_isSplitByModelAndByTheLimits() throws Exception {
    List<BatchCall> calls = calls("a", "b", "c");
    calls.add(
        new BatchCall(
            "mini",
            Wire.request("{'model':'gpt-4o-mini','messages':[{'role':'user','content':'a'}]}"),
            CONTEXT));
    try (BatchJob job = builder().limits(new BatchLimits(2, 1_000)).plan(calls.iterator())) {
      JobStatus status = job.await(seen -> {});
      assertEquals(List.of(2, 1, 1), status.parts().stream().map(part -> part.lines()).toList());
      assertEquals("gpt-4o-mini", status.parts().get(2).model());
      assertEquals(4, status.answered());
    }
    int line = api.files.get("file-0").indexOf('\n') + 1;
    try (BatchJob job =
        BatchJob.builder(api, temp.resolve("bytes"))
            .tokens(TOKENS)
            .limits(new BatchLimits(9, 2 * line))
            .plan(calls("a", "b", "c").iterator())) {
      assertEquals(2, job.status().parts().size());
    }
  }

  @Test
  void whatABatchCannotTake_isRefusedAndLeavesNoJob() {
    assertRefused("is there twice", List.of(call("x", "a"), call("x", "b")));
    assertRefused("stream", List.of(new BatchCall("s", Wire.ask("a", "'stream':true"), CONTEXT)));
    assertRefused("no model", List.of(new BatchCall("m", Wire.request("{}"), CONTEXT)));
    assertRefused("no requests", List.of());
    CallContext elsewhere = CallContext.of("acme", "https://other.example/v1/chat/completions");
    assertRefused("does not serve", List.of(new BatchCall("u", Wire.ask("a"), elsewhere)));
    ChatException e =
        assertThrows(
            ChatException.InvalidJob.class,
            () -> builder().limits(new BatchLimits(9, 50)).plan(calls("a").iterator()));
    assertTrue(e.getMessage().contains("a batch takes 50"), e.getMessage());
    assertFalse(BatchJob.isIn(temp.resolve("job")));
  }

  private static BatchCall call(String id, String text) {
    return new BatchCall(id, Wire.ask(text), CONTEXT);
  }

  private void assertRefused(String expected, List<BatchCall> calls) {
    ChatException e =
        assertThrows(
            ChatException.InvalidJob.class, () -> builder().plan(calls.iterator()).close());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void directory_isOfOneJobAndOneProcess() throws Exception {
    try (BatchJob job = plan("a")) {
      assertThrows(ChatException.InvalidJob.class, () -> builder().open());
      assertEquals(1, job.size());
    }
    assertThrows(ChatException.InvalidJob.class, () -> plan("b"));
    Files.writeString(temp.resolve("job/state.json"), "{");
    assertThrows(ChatException.InvalidJob.class, () -> builder().open());
  }

  @Test
  void cancelledJob_keepsWhatIsDoneAndAsksNothingAgain() throws Exception {
    api.script = (text, asked) -> text.equals("late") ? Fate.EXPIRE : Fate.ANSWER;
    try (BatchJob job = plan("early", "late")) {
      job.advance();
      job.cancel();
      JobStatus status = job.await(seen -> {});
      assertEquals(State.CANCELLED, status.state());
      assertEquals(1, status.answered());
      assertEquals("batch_cancelled", job.result(1).orElseThrow().errorCode());
      assertEquals(1, api.batchCount());
    }
  }

  @Test
  void jobCancelledBeforeItWasSent_isNeverSent() throws Exception {
    try (BatchJob job = plan("a")) {
      JobStatus status = job.cancel();
      assertEquals(State.CANCELLED, status.state());
      assertEquals(0, api.batchCount());
      assertEquals("batch_cancelled", job.result(0).orElseThrow().errorCode());
    }
  }

  @Test
  void requestSimilarToOneOfAnEarlierWave_isAnsweredByIt() throws Exception {
    cache.paraphrase("a, please", "a");
    try (BatchJob job =
        builder().waveMax(2).plan(calls("a", "b", "a, please", "c", "a").iterator())) {
      JobStatus status = job.await(seen -> {});
      assertEquals(5, status.answered());
      assertEquals(List.of(2, 1), status.parts().stream().map(part -> part.lines()).toList());
      assertEquals("re a", content(job, 2));
      assertEquals(ItemResult.Source.CACHE, job.result(2).orElseThrow().source());
      assertEquals(ItemResult.Source.DUPLICATE, job.result(4).orElseThrow().source());
    }
  }

  @Test
  void requestsOfALaterWave_areOpenUntilTheirTurnAndNeverSentAfterACancel() throws Exception {
    try (BatchJob job = builder().waveMax(1).plan(calls("a", "b").iterator())) {
      assertEquals(2, job.advance().pending());
      assertTrue(job.result(1).isEmpty());
      job.cancel();
      JobStatus status = job.await(seen -> {});
      assertEquals(State.CANCELLED, status.state());
      assertEquals("Never sent.", job.result(1).orElseThrow().errorMessage());
      assertEquals(1, api.batchCount());
    }
  }

  @Test
  void processKilledAtAnyCall_losesNothingAndPaysOnce() throws Exception {
    String[] texts = {"a", "b", "expires", "a", "d", "e"};
    api.killAt = -1;
    int calls = 0;
    for (int kill = 0; calls == kill; kill++) {
      FakeBatchApi provider = new FakeBatchApi();
      provider.script =
          (text, asked) -> text.equals("expires") && asked == 1 ? Fate.EXPIRE : Fate.ANSWER;
      provider.killAt = kill;
      Path directory = temp.resolve("kill-" + kill);
      BatchJobBuilder builder =
          BatchJob.builder(provider, directory)
              .tokens(TOKENS)
              .clock(clock)
              .pause(clock)
              .random(new Random(kill))
              .limits(new BatchLimits(3, 100_000))
              .waveMax(4);
      boolean killed = false;
      try (BatchJob job = builder.plan(calls(texts).iterator())) {
        job.await(seen -> {});
      } catch (Killed e) {
        killed = true;
      }
      try (BatchJob job = builder.open()) {
        JobStatus status = job.await(seen -> {});
        assertEquals(6, status.answered(), "killed at " + kill);
      }
      assertEquals(5, provider.billed.size(), "killed at " + kill);
      assertEquals(Set.of(1), Set.copyOf(provider.billed.values()), "killed at " + kill);
      calls = killed ? kill + 1 : calls;
    }
    assertTrue(calls > 20, "killed at " + calls + " calls");
  }

  @Test
  void batchThatIsListedLate_isWaitedFor() throws Exception {
    api.killAt = 3;
    BatchJobBuilder builder = builder().settleTime(Duration.ofMinutes(10));
    BatchJob killed = builder.plan(calls("a").iterator());
    assertThrows(Killed.class, killed::advance);
    killed.close();
    assertEquals(1, api.batchCount(), "killed after the batch was created");
    api.hidden = true;
    try (BatchJob job = builder.open()) {
      assertEquals(State.SUBMITTING, job.advance().state());
      clock.sleep(Duration.ofMinutes(9));
      assertEquals(State.SUBMITTING, job.advance().state());
      api.hidden = false;
      clock.sleep(Duration.ofMinutes(1));
      assertEquals(1, job.await(seen -> {}).answered());
      assertEquals(1, api.batchCount());
    }
  }

  @Test
  void resultsCutShortByACrash_areTakenAgain() throws Exception {
    try (BatchJob job = plan("a", "b")) {
      job.await(seen -> {});
    }
    Path results = temp.resolve("job/results.jsonl");
    Files.writeString(results, "{\"index\":0,\"sour", StandardOpenOption.APPEND);
    try (BatchJob job = builder().open()) {
      assertEquals(2, job.status().answered());
      assertEquals("re b", content(job, 1));
    }
  }

  @Test
  void bill_isHalfOfTheStandardPriceWithoutDuplicates() throws Exception {
    try (BatchJob job = plan("a", "b", "a")) {
      job.await(seen -> {});
      // 1,000 tokens in and 200 out at $2.50 and $10 a million.
      assertEquals(3 * 4_500_000L, job.bill().baselineNanoDollars());
      assertEquals(2 * 2_250_000L, job.bill().paidNanoDollars());
    }
  }

  @Test
  void polling_slowsDownAndStartsAgainWithNews() {
    BackOff backOff = new BackOff(Duration.ofSeconds(4), Duration.ofSeconds(10), new Random(1));
    List<Long> waits = new ArrayList<>();
    for (boolean news : new boolean[] {true, false, false, false, true}) {
      waits.add(Math.round(backOff.next(news).toMillis() / 1000.0));
    }
    assertTrue(waits.get(0) <= 5 && waits.get(2) >= 8 && waits.get(3) <= 11, waits.toString());
    assertTrue(waits.get(4) <= 5, waits.toString());
  }
}
