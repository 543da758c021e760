package dev.askonce.optimizer.send;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.send.ScriptedProvider.Step;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FallbackLeverTest {
  private static final TargetModel MINI = TargetModel.of("gpt-4o-mini");

  private final ScriptedProvider provider = new ScriptedProvider();
  private final ScriptedProvider other = new ScriptedProvider();
  private final CallContext context = CallContext.of("acme", Wire.URL);
  private final List<Duration> waits = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private FallbackLever.Builder builder() {
    return FallbackLever.builder()
        .clock(() -> now)
        .random(new Random(1))
        .sleeper(
            time -> {
              waits.add(time);
              now = now.plus(time);
            });
  }

  private ChatReply complete(FallbackLever lever) throws IOException {
    return lever.over(provider).complete(ask("q"), context);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 429, 500, 502, 503, 504, 529})
  void passingStatus_isTriedAgain(int status) throws IOException {
    provider.then(Step.error(status)).then(Step.ok("A"));
    FallbackLever lever = builder().build();
    assertEquals("A", complete(lever).completion().content());
    assertEquals(1, waits.size());
    assertEquals(1, lever.counts().retries());
    assertEquals(0, lever.counts().failed());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 422})
  void mistakeOfTheCaller_isReturnedAsItCame(int status) throws IOException {
    provider.then(Step.error(status));
    FallbackLever lever = builder().targets(Target.of(MINI)).build();
    ChatReply reply = complete(lever);
    assertEquals(status, reply.status());
    assertEquals("{\"error\":{\"code\":\"c" + status + "\"}}", text(reply));
    assertEquals(1, provider.calls());
  }

  private static String text(ChatReply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void brokenExchange_isTriedAgain_ofAClientsOwnExceptionToo() throws IOException {
    provider
        .then(Step.broken(new IOException("reset")))
        .then(Step.broken(new IllegalStateException("request failed", new IOException("reset"))))
        .then(Step.ok("A"));
    assertEquals("A", complete(builder().build()).completion().content());
    assertEquals(3, provider.calls());
  }

  @Test
  void mistakeOfTheCode_isNotTriedAgain() {
    IllegalStateException bug = new IllegalStateException("no I/O");
    provider.then(Step.broken(bug));
    assertSame(bug, assertThrows(IllegalStateException.class, () -> complete(builder().build())));
    assertEquals(1, provider.calls());
  }

  @Test
  void allTriesFail_lastTroubleIsReturned() throws IOException {
    provider.then(Step.error(500)).then(Step.error(502)).then(Step.error(503));
    FallbackLever lever = builder().build();
    assertEquals(503, complete(lever).status());
    assertEquals(1, lever.counts().failed());
    IOException reset = new IOException("reset");
    for (int i = 0; i < 3; i++) {
      provider.then(Step.broken(reset));
    }
    assertSame(reset, assertThrows(IOException.class, () -> complete(lever)));
  }

  @Test
  void xShouldRetry_isObeyed() throws IOException {
    provider.then(Step.error(500).header("x-should-retry", "false"));
    assertEquals(500, complete(builder().build()).status());
    assertEquals(1, provider.calls());
    provider.then(Step.error(403).header("X-Should-Retry", "true")).then(Step.ok("A"));
    assertEquals(200, complete(builder().build()).status());
  }

  @Test
  void whereNobodyAnswers_noOtherTryIsWanted() throws IOException {
    for (int i = 0; i < 6; i++) {
      provider.then(Step.error(503).header("X-Should-Retry", "true").header("X-Request-Id", "r7"));
    }
    ChatReply reply = complete(builder().build());
    assertEquals(List.of("false"), reply.headers().get("x-should-retry"));
    assertEquals(List.of("r7"), reply.headers().get("x-request-id"));
    assertEquals("{\"error\":{\"code\":\"c503\"}}", text(reply));
    assertEquals(2, reply.headers().size(), "not said twice, in two spellings");
    ChatStream stream = builder().build().over(provider).stream(ask("q", "'stream':true"), context);
    assertEquals(List.of("false"), stream.headers().get("x-should-retry"));
    assertEquals("{\"error\":{\"code\":\"c503\"}}", drain(stream));
    assertEquals(6, provider.calls());
    provider.then(Step.error(404));
    assertFalse(complete(builder().build()).headers().containsKey("x-should-retry"));
  }

  @Test
  void waits_growExponentially_withJitter_andAreCapped() throws IOException {
    RetryPolicy policy =
        RetryPolicy.DEFAULTS
            .attemptsMax(8)
            .backoff(Duration.ofMillis(500), Duration.ofSeconds(8))
            .timeMax(Duration.ofHours(1));
    for (int i = 0; i < 8; i++) {
      provider.then(Step.error(500));
    }
    complete(builder().retries(policy).build());
    long[] backoffMillis = {500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000};
    assertEquals(backoffMillis.length, waits.size());
    for (int i = 0; i < backoffMillis.length; i++) {
      long millis = waits.get(i).toMillis();
      assertTrue(millis >= backoffMillis[i] / 2 && millis <= backoffMillis[i], waits.toString());
    }
    assertFalse(waits.get(4).equals(waits.get(5)), "jitter");
  }

  @Test
  void retryAfter_isWaitedInFull_inEachForm() throws IOException {
    String date = "Thu, 01 Jan 2026 00:00:10 GMT";
    provider
        .then(Step.error(429).header("Retry-After", "3"))
        .then(Step.error(429).header("retry-after-ms", "1500").header("retry-after", "9"))
        .then(Step.error(429).header("retry-after", date))
        .then(Step.ok("A"));
    RetryPolicy policy =
        RetryPolicy.DEFAULTS.attemptsMax(4).backoff(Duration.ofNanos(2), Duration.ofNanos(2));
    assertEquals(200, complete(builder().retries(policy).build()).status());
    assertEquals(3_000, waits.get(0).toMillis());
    assertEquals(1_500, waits.get(1).toMillis());
    assertEquals(5_500, waits.get(2).toMillis(), "until that date");
  }

  @Test
  void retryAfter_overTheCap_isNotWaited_andTheTargetCoolsDown() throws IOException {
    provider.then(Step.error(429).header("retry-after", "3600"));
    FallbackLever lever =
        builder()
            .targets(Target.at("other", other, MINI))
            .coolDown(5, Duration.ofMinutes(1))
            .build();
    other.then(Step.ok("B")).then(Step.ok("B")).then(Step.ok("B"));
    assertEquals("B", complete(lever).completion().content());
    assertEquals(List.of(), waits);
    assertEquals("B", complete(lever).completion().content());
    assertEquals(1, provider.calls(), "it is not asked while it cools down");
    now = now.plusSeconds(61);
    provider.then(Step.ok("A"));
    assertEquals("A", complete(lever).completion().content(), "an hour is not taken literally");
    assertEquals(1, lever.counts().cooldowns());
    assertEquals(Map.of("other", 2L), lever.counts().fallbacks());
  }

  @Test
  void retryAfter_overTheCap_withoutAnotherTarget_isReturnedAsItCame() throws IOException {
    provider.then(Step.error(429).header("retry-after", "3600"));
    ChatReply reply = complete(builder().build());
    assertEquals(429, reply.status());
    assertEquals(List.of("3600"), reply.headers().get("retry-after"));
    assertEquals(1, provider.calls());
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "", "NaN", "1e300", "Infinity"})
  void retryAfter_thatMeansNothing_isIgnored(String value) throws IOException {
    provider.then(Step.error(429).header("retry-after", value)).then(Step.ok("A"));
    assertEquals(200, complete(builder().build()).status());
    assertTrue(waits.getFirst().toMillis() <= 500, waits.toString());
  }

  @Test
  void quotaUsedUp_isNeverTriedAgain_norAtTheSameProvider() throws IOException {
    String body = "{\"error\":{\"code\":\"insufficient_quota\",\"type\":\"insufficient_quota\"}}";
    provider.then(Step.of(429, body)).then(Step.of(429, body));
    assertEquals(429, complete(builder().targets(Target.of(MINI)).build()).status());
    assertEquals(1, provider.calls());
    other.then(Step.ok("B"));
    FallbackLever lever =
        builder().targets(Target.of(MINI), Target.at("other", other, MINI)).build();
    assertEquals("B", complete(lever).completion().content());
    assertEquals(2, provider.calls());
    assertEquals(List.of(), waits);
  }

  @Test
  void fallback_takesTheNextModel_andNotesIt() throws IOException {
    provider.then(Step.error(500)).then(Step.error(500)).then(Step.error(500)).then(Step.ok("B"));
    FallbackLever lever = builder().targets(Target.of(MINI)).build();
    ChatReply reply = lever.over(provider).complete(ask("q", "'max_tokens':3"), context);
    assertEquals("B", reply.completion().content());
    assertEquals("gpt-4o-mini", provider.requests().getLast().model());
    assertEquals(List.of(new Routed("fallback", "gpt-4o", "gpt-4o-mini")), context.effects().all());
    assertEquals(Map.of("gpt-4o-mini", 1L), lever.counts().fallbacks());
  }

  @Test
  void fallback_goesAlongTheWholeList_andThenReturnsTheFirstTrouble() throws IOException {
    RetryPolicy once = RetryPolicy.DEFAULTS.attemptsMax(1);
    provider.then(Step.error(503)).then(Step.error(404));
    other.then(Step.error(401));
    FallbackLever lever =
        builder()
            .retries(once)
            .targets(Target.of(MINI), Target.at("other", other, TargetModel.of("claude")))
            .build();
    assertEquals(503, complete(lever).status(), "ours are the mistakes of a fallback");
    assertEquals(2, provider.calls());
    assertEquals(1, other.calls());
    assertEquals(List.of(), context.effects().all());
  }

  @Test
  void fallback_listIsOfTheModel() throws IOException {
    RetryPolicy once = RetryPolicy.DEFAULTS.attemptsMax(1);
    provider.then(Step.error(500)).then(Step.ok("B"));
    FallbackLever lever =
        builder()
            .retries(once)
            .targets(Target.of(TargetModel.of("never")))
            .targetsOf("GPT-4o", Target.of(MINI))
            .build();
    complete(lever);
    assertEquals("gpt-4o-mini", provider.requests().getLast().model());
  }

  @Test
  void tooLong_fallsToAModelThatReadsMore_only() throws IOException {
    String body = "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"m\"}}";
    provider.then(Step.of(400, body)).then(Step.ok("B"));
    FallbackLever lever =
        builder()
            .targets(
                Target.of(TargetModel.of("unknown")),
                Target.of(TargetModel.of("large").inputTokensMax(1_000_000)))
            .build();
    assertEquals("B", complete(lever).completion().content());
    assertEquals("large", provider.requests().getLast().model());
    assertEquals(2, provider.calls());
    provider.then(Step.of(400, body)).then(Step.of(400, body));
    assertEquals(body, text(complete(lever)), "too long for all: as it came");
    assertEquals(4, provider.calls());
    provider.then(Step.of(400, body));
    assertEquals(400, complete(builder().targets(Target.of(MINI)).build()).status());
    assertEquals(5, provider.calls());
  }

  @Test
  void coolDown_afterFailuresInARow_passesTheTargetOver_untilItAnswers() throws IOException {
    RetryPolicy once = RetryPolicy.DEFAULTS.attemptsMax(1);
    FallbackLever lever =
        builder()
            .retries(once)
            .targets(Target.at("other", other, MINI))
            .coolDown(2, Duration.ofSeconds(30))
            .build();
    for (int i = 0; i < 6; i++) {
      other.then(Step.ok("B"));
    }
    provider.then(Step.error(500)).then(Step.error(500));
    complete(lever);
    complete(lever);
    complete(lever);
    assertEquals(2, provider.calls(), "the third call passes it over");
    now = now.plusSeconds(30);
    provider.then(Step.error(500));
    complete(lever);
    complete(lever);
    assertEquals(3, provider.calls(), "one failure is enough now");
    now = now.plusSeconds(30);
    provider.then(Step.ok("A")).then(Step.error(500)).then(Step.ok("A"));
    assertEquals("A", complete(lever).completion().content());
    complete(lever);
    assertEquals("A", complete(lever).completion().content(), "forgiven: one is not enough");
    assertEquals(2, lever.counts().cooldowns());
  }

  @Test
  void coolDown_ofAll_triesAll() throws IOException {
    RetryPolicy once = RetryPolicy.DEFAULTS.attemptsMax(1);
    FallbackLever lever = builder().retries(once).coolDown(1, Duration.ofMinutes(5)).build();
    provider.then(Step.error(500)).then(Step.ok("A"));
    assertEquals(500, complete(lever).status());
    assertEquals("A", complete(lever).completion().content());
  }

  @Test
  void retryBudget_keepsRetriesUnderAShareOfCalls() throws IOException {
    for (int i = 0; i < 10_000; i++) {
      provider.then(Step.error(500));
    }
    FallbackLever lever = builder().retryShareMax(0.1, 5).build();
    for (int i = 0; i < 1_000; i++) {
      complete(lever);
    }
    long retries = lever.counts().retries();
    assertTrue(retries <= 105 && retries >= 95, "retries " + retries);
    assertEquals(1_000 + retries, provider.calls());
    assertTrue(lever.counts().retriesDenied() > 0);
  }

  @Test
  void timeMax_endsRetriesAndFallbacks() throws IOException {
    RetryPolicy policy = RetryPolicy.DEFAULTS.attemptsMax(100).timeMax(Duration.ofSeconds(5));
    for (int i = 0; i < 100; i++) {
      provider.then(Step.error(500));
    }
    Instant begin = now;
    complete(builder().retries(policy).build());
    assertTrue(Duration.between(begin, now).compareTo(Duration.ofSeconds(5)) <= 0);
    assertTrue(provider.calls() < 10, "calls " + provider.calls());
    ScriptedProvider slow = new ScriptedProvider();
    slow.then(Step.error(500).takes(() -> now = now.plusSeconds(6)));
    FallbackLever lever =
        builder().retries(policy).targets(Target.at("other", other, MINI)).build();
    assertEquals(500, lever.over(slow).complete(ask("q"), context).status());
    assertEquals(0, other.calls());
  }

  @Test
  void interruptedCaller_isOwedNoFurtherTry() {
    provider.then(
        Step.broken(new UncheckedIOException("cancelled", new InterruptedIOException()))
            .takes(() -> Thread.currentThread().interrupt()));
    FallbackLever lever = builder().build();
    assertThrows(UncheckedIOException.class, () -> complete(lever));
    assertTrue(Thread.interrupted());
    assertEquals(1, provider.calls());
    FallbackLever sleeping =
        builder()
            .sleeper(
                time -> {
                  throw new InterruptedException();
                })
            .build();
    provider.then(Step.error(500));
    assertThrows(InterruptedIOException.class, () -> complete(sleeping));
    assertTrue(Thread.interrupted());
    assertEquals(2, provider.calls());
  }

  @Test
  void stream_isTriedAgainUntilItsHeadIsThere_neverAfter() throws IOException {
    provider
        .then(Step.error(503))
        .then(Step.broken(new IOException("reset")))
        .then(Step.stream(Wire.stream("A")));
    FallbackLever lever = builder().build();
    assertEquals(
        Wire.stream("A"), drain(lever.over(provider).stream(ask("q", "'stream':true"), context)));
    assertEquals(3, provider.calls());
    provider.then(Step.brokenStream(Wire.chunk("{'content':'half'}", "null")));
    ChatStream half = lever.over(provider).stream(ask("q", "'stream':true"), context);
    assertEquals("half", half.next().json().at("/choices/0/delta/content").asText());
    assertThrows(IOException.class, half::next);
    assertEquals(4, provider.calls());
  }

  @Test
  void stream_errorIsReturnedAsItCame_andTheConnectionIsClosed() throws IOException {
    provider.then(Step.error(500)).then(Step.error(500)).then(Step.error(400));
    FallbackLever lever = builder().build();
    ChatStream error = lever.over(provider).stream(ask("q", "'stream':true"), context);
    assertEquals(400, error.status());
    assertEquals(3, provider.closed(), "all three were read and closed");
    assertEquals("{\"error\":{\"code\":\"c400\"}}", drain(error));
  }

  @Test
  void answer_isHandedOnUntouched() throws IOException {
    provider.then(Step.ok("A"));
    ChatReply reply = complete(builder().build());
    assertEquals(completion("A"), text(reply));
    assertEquals(1, provider.calls());
    assertSame(provider.replies().getFirst(), reply);
  }

  @Test
  void settings_outsideTheirRange_areRefused() {
    FallbackLever.Builder builder = builder();
    assertThrows(ChatException.InvalidSetting.class, () -> builder.retryShareMax(2, 1));
    assertThrows(ChatException.InvalidSetting.class, () -> builder.retryShareMax(Double.NaN, 1));
    assertThrows(ChatException.InvalidSetting.class, () -> builder.coolDown(0, Duration.ZERO));
    assertThrows(ChatException.InvalidSetting.class, () -> RetryPolicy.DEFAULTS.attemptsMax(0));
    assertThrows(
        ChatException.InvalidSetting.class,
        () -> RetryPolicy.DEFAULTS.retryAfterMax(Duration.ofSeconds(-1)));
  }
}
