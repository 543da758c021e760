package dev.askonce.optimizer.route;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static dev.askonce.optimizer.Wire.stream;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.InputSaved;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CascadeTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Tiers TIERS = Tiers.of("gpt-4o-mini", "gpt-4o");
  private static final DraftCheck NO = draft -> Optional.of("no");
  private static final DraftCheck YES = draft -> Optional.empty();

  private final CallContext context = CallContext.of("acme", Wire.URL);
  private final FakeTransport transport =
      new FakeTransport(
          (request, call) -> {
            String text = "by " + request.model();
            return request.stream() ? stream(text) : completion(text);
          });

  private static RouteLever.Builder cascade(DraftCheck check) {
    return RouteLever.builder(FixedRouter.of(Tier.BUDGET), TIERS).cascade(check);
  }

  private String answer(RouteLever lever, String... fields) throws IOException {
    return lever.over(transport).complete(ask("q", fields), context).completion().content();
  }

  @Test
  void goodDraft_isServed() throws IOException {
    RouteLever lever = cascade(YES).build();
    assertEquals("by gpt-4o-mini", answer(lever));
    assertEquals(1, transport.calls());
    assertEquals(List.of(new Routed("route", "gpt-4o", "gpt-4o-mini")), context.effects().all());
  }

  @Test
  void badDraft_isOverhead_andTheModelAskedForAnswers() throws IOException {
    RouteLever lever = cascade(NO).build();
    assertEquals("by gpt-4o", answer(lever));
    assertEquals(
        List.of(new Overhead("route", "gpt-4o-2024-08-06", Usage.of(1000, 200))),
        context.effects().all());
    assertEquals(1, lever.counts().escalated());
    assertEquals(1, lever.counts().reasons().get("draft:no"));
  }

  @Test
  void checkThatThrows_escalates() throws IOException {
    RouteLever lever =
        cascade(
                draft -> {
                  throw new IllegalStateException("broken check");
                })
            .build();
    assertEquals("by gpt-4o", answer(lever));
    assertEquals(1, lever.counts().passedOver());
  }

  @Test
  void forcedBudget_isNoDraft() throws IOException {
    RouteLever lever = cascade(NO).build();
    ChatReply reply = lever.over(transport).complete(ask("q"), context.tier(Tier.BUDGET));
    assertEquals("by gpt-4o-mini", reply.completion().content());
  }

  @Test
  void effectsOfADraft_countOnlyIfItIsServed() throws IOException {
    ChatClient saving = noting(transport);
    cascade(NO).build().over(saving).complete(ask("q"), context);
    long saved = context.effects().all().stream().filter(InputSaved.class::isInstance).count();
    assertEquals(1, saved, "of the answer alone: " + context.effects().all());
    CallContext other = context.fresh();
    cascade(YES).build().over(saving).complete(ask("q"), other);
    assertTrue(other.effects().all().contains(new InputSaved("compress", 7)));
  }

  /** {@return a lever below that saves seven tokens a call} */
  private static ChatClient noting(FakeTransport next) {
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext call) throws IOException {
        call.effects().add(new InputSaved("compress", 7));
        return next.complete(request, call);
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext call) throws IOException {
        return next.stream(request, call);
      }
    };
  }

  @Test
  void goodDraftOfAStream_isServedToTheByte() throws IOException {
    RouteLever lever = cascade(DraftChecks.finished()).build();
    String served = drain(lever.over(transport).stream(ask("q", "'stream':true"), context));
    assertEquals(stream("by gpt-4o-mini"), served);
  }

  @Test
  void badDraftOfAStream_isNeverSeen() throws IOException {
    RouteLever lever = cascade(NO).build();
    String served = drain(lever.over(transport).stream(ask("q", "'stream':true"), context));
    assertEquals(stream("by gpt-4o"), served);
    Overhead draft = (Overhead) context.effects().all().getFirst();
    assertEquals("gpt-4o", draft.model(), "the stream's own word for the model that answered");
    assertTrue(draft.usage().output() > 0, "counted by us, since the stream did not");
  }

  @Test
  void brokenDraftOfAStream_escalates() throws IOException {
    FakeTransport cut =
        new FakeTransport(
            (request, call) ->
                request.model().equals("gpt-4o") ? stream("good") : "data: {\"error\":{}}\n\n");
    RouteLever lever = cascade(DraftChecks.finished()).build();
    String served = drain(lever.over(cut).stream(ask("q", "'stream':true"), context));
    assertEquals(stream("good"), served);
  }

  @Test
  void longDraftOfAStream_isGivenUp() throws IOException {
    String piece = "x".repeat(100_000);
    String[] pieces = new String[12];
    Arrays.fill(pieces, piece);
    FakeTransport endless =
        new FakeTransport(
            (request, call) -> request.model().equals("gpt-4o") ? stream("good") : stream(pieces));
    RouteLever lever = cascade(YES).build();
    assertEquals(
        stream("good"), drain(lever.over(endless).stream(ask("q", "'stream':true"), context)));
    assertEquals(1, lever.counts().escalated());
  }

  @Test
  void streams_areLeftAloneIfTold() throws IOException {
    RouteLever lever = cascade(YES).draftsOfStreams(false).build();
    assertEquals(
        stream("by gpt-4o"),
        drain(lever.over(transport).stream(ask("q", "'stream':true"), context)));
    assertEquals("by gpt-4o-mini", answer(lever));
    assertEquals(1, lever.counts().reasons().get("stream"));
  }

  private static Optional<String> objection(DraftCheck check, String body, String... fields) {
    Completion completion = Completion.parse(body.getBytes(StandardCharsets.UTF_8));
    CallContext call = CallContext.of("acme", Wire.URL);
    return check.objection(new Draft(ask("q", fields), completion, call, new FakeTransport(null)));
  }

  @ParameterizedTest
  @CsvSource({
    "stop, text,",
    "length, text, cut-off",
    "content_filter, text, unfinished",
    "stop, '', empty"
  })
  void finished_objectsToWhatIsNot(String reason, String text, String expected) {
    assertEquals(
        Optional.ofNullable(expected), objection(DraftChecks.finished(), completion(text, reason)));
  }

  @Test
  void finished_objectsToARefusalAndToRubbish_notToAToolCall() {
    String refusal = completion("").replace("\"refusal\":null", "\"refusal\":\"no\"");
    assertEquals(Optional.of("refused"), objection(DraftChecks.finished(), refusal));
    assertEquals(Optional.of("broken"), objection(DraftChecks.finished(), "<html>"));
    String call =
        completion("", "tool_calls").replace("\"refusal\":null", "\"tool_calls\":[{\"id\":\"1\"}]");
    assertEquals(Optional.empty(), objection(DraftChecks.finished(), call));
  }

  @Test
  void json_readsTheFormatAskedFor() {
    String object = "'response_format':{'type':'json_object'}";
    String schema =
        "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{"
            + "'type':'object','required':['label'],'additionalProperties':false,"
            + "'properties':{'label':{'enum':['a','b']},'rest':{'type':'array','items':"
            + "{'$ref':'#/$defs/one'}}},'$defs':{'one':{'type':['integer','null']}}}}}";
    DraftCheck check = DraftChecks.json();
    assertEquals(Optional.empty(), objection(check, completion("no json")));
    assertEquals(Optional.of("json"), objection(check, completion("no json"), object));
    assertEquals(Optional.of("json"), objection(check, completion("[1]"), object));
    assertEquals(Optional.empty(), objection(check, completion("{}"), object));
    String good = "{\\'label\\':\\'a\\',\\'rest\\':[1,null,2.0]}".replace('\'', '"');
    assertEquals(Optional.empty(), objection(check, completion(good), schema));
    for (String bad :
        List.of(
            "{}",
            "{\\'label\\':\\'c\\'}",
            "{\\'label\\':\\'a\\',\\'more\\':1}",
            "{\\'label\\':\\'a\\',\\'rest\\':[\\'x\\']}",
            "{\\'label\\':\\'a\\',\\'rest\\':[1.5]}",
            "{\\'label\\':\\'a\\'} and more")) {
      String text = completion(bad.replace('\'', '"'));
      assertEquals(Optional.of("json"), objection(check, text, schema), bad);
    }
  }

  @Test
  void patternsAndLengths() {
    DraftCheck sure = DraftChecks.lacks(Pattern.compile("(?i)\\bI (cannot|don.t know)"));
    DraftCheck number = DraftChecks.contains(Pattern.compile("\\d"));
    DraftCheck both = sure.and(number).and(DraftChecks.length(2, 20));
    assertEquals(Optional.empty(), objection(both, completion("It is 42.")));
    assertEquals(Optional.of("pattern"), objection(both, completion("I cannot say 1")));
    assertEquals(Optional.of("pattern"), objection(both, completion("many")));
    assertEquals(Optional.of("length"), objection(both, completion("1")));
    assertEquals(Optional.of("length"), objection(both, completion("1".repeat(21))));
  }

  @Test
  void consistent_asksAgain_andBooksIt() throws IOException {
    AtomicInteger number = new AtomicInteger();
    FakeTransport wavering =
        new FakeTransport(
            (request, call) ->
                request.model().equals("gpt-4o")
                    ? completion("sure")
                    : completion(number.incrementAndGet() % 3 == 0 ? "No" : "Yes"));
    RouteLever lever = cascade(DraftChecks.consistent(2, AMPLE)).build();
    ChatReply reply = lever.over(wavering).complete(ask("q"), context);
    assertEquals("sure", reply.completion().content());
    assertEquals(4, wavering.calls(), "a draft, two repetitions, the model asked for");
    assertEquals(3, overheads(context));
    FakeTransport steady =
        new FakeTransport((request, call) -> completion(call == 1 ? "Yes." : " yes"));
    CallContext other = context.fresh();
    assertEquals("Yes.", lever.over(steady).complete(ask("q"), other).completion().content());
    assertEquals(2, overheads(other));
  }

  private static long overheads(CallContext call) {
    return call.effects().all().stream().filter(Overhead.class::isInstance).count();
  }

  @Test
  void judged_servesWhatTheJudgeFindsGood() throws IOException {
    for (String verdict : List.of("good", "Good\\n", "bad", "perhaps")) {
      FakeTransport judging =
          new FakeTransport(
              (request, call) ->
                  completion(request.model().equals("judge") ? verdict : "by " + request.model()));
      RouteLever lever = cascade(DraftChecks.judged(TargetModel.of("judge"), AMPLE)).build();
      String served =
          lever.over(judging).complete(ask("q"), context.fresh()).completion().content();
      boolean good = verdict.toLowerCase(Locale.ROOT).startsWith("good");
      assertEquals(good ? "by gpt-4o-mini" : "by gpt-4o", served);
    }
  }

  @Test
  void replyThatIsNoAnswer_isNoDraft() throws IOException {
    byte[] error = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}".getBytes();
    FakeTransport busy = new FakeTransport((request, call) -> new String(error)).status(429);
    ChatReply reply = cascade(NO).build().over(busy).complete(ask("q"), context);
    assertEquals(429, reply.status());
    assertArrayEquals(error, reply.body());
    assertEquals(1, busy.calls());
  }
}
