package dev.askonce.optimizer.send;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.EventReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Tries a request at one place after the other, as the lever's settings say. */
final class SendingClient implements ChatClient {
  private static final byte[] NOTHING = new byte[0];

  private final FallbackLever lever;
  private final ChatClient next;

  SendingClient(FallbackLever lever, ChatClient next) {
    this.lever = lever;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    return send(
        request,
        context,
        (client, outgoing) -> {
          ChatReply reply = client.complete(outgoing, context);
          return new Tried<>(reply, reply.status(), reply.headers(), reply.body());
        },
        last -> last.reply().headers(ShouldRetry.no(last.headers())));
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    return send(
        request,
        context,
        (client, outgoing) -> {
          ChatStream stream = client.stream(outgoing, context);
          return stream.isEventStream() || stream.status() < 400
              ? new Tried<>(stream, stream.status(), stream.headers(), NOTHING)
              : readError(stream);
        },
        last -> error(last.reply(), ShouldRetry.no(last.headers()), last.error()));
  }

  /** {@return the error that came in place of a stream, read, so that no connection is held} */
  private static Tried<ChatStream> readError(ChatStream stream) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (stream) {
      for (ChatEvent event = stream.next(); event != null; event = stream.next()) {
        body.writeBytes(event.bytes());
      }
    }
    byte[] bytes = body.toByteArray();
    ChatStream read = error(stream, stream.headers(), bytes);
    return new Tried<>(read, stream.status(), stream.headers(), bytes);
  }

  private static ChatStream error(
      ChatStream stream, Map<String, List<String>> headers, byte[] body) {
    EventReader events = EventReader.over(body);
    return new ChatStream(
        stream.status(), headers, stream.contentType(), events, events, stream.avoided());
  }

  /** One try at one place. */
  @FunctionalInterface
  private interface Try<T> {
    Tried<T> at(ChatClient client, ChatRequest request) throws IOException;
  }

  /** What came of it. */
  private record Tried<T>(T reply, int status, Map<String, List<String>> headers, byte[] error) {}

  /** A place to try, the one that the request names first. */
  private record Place(
      String key, ChatClient client, ChatRequest request, Optional<Target> target) {
    long inputTokensMax() {
      return target.map(fallback -> fallback.model().inputTokensMax()).orElse(0L);
    }

    boolean isElsewhere() {
      return target.flatMap(Target::client).isPresent();
    }
  }

  /** What a place left behind: a reply or an exception, and what to do about it. */
  private record Outcome<T>(Tried<T> tried, Exception broken, Verdict verdict) {
    Tried<T> finish() throws IOException {
      if (broken instanceof IOException e) {
        throw e;
      }
      if (broken instanceof RuntimeException e) {
        throw e;
      }
      return tried;
    }
  }

  /**
   * @param last makes the error that is returned where nobody answered: who called us is not to try
   *     again what was tried enough
   */
  private <T> T send(
      ChatRequest request, CallContext context, Try<T> attempt, Function<Tried<T>, T> last)
      throws IOException {
    lever.calls.increment();
    lever.budget.called();
    Instant end = lever.clock.instant().plus(lever.policy.timeMax());
    Outcome<T> first = null;
    boolean elsewhereOnly = false;
    long largerThan = -1;
    for (Place place : places(request, context)) {
      boolean fits =
          (!elsewhereOnly || place.isElsewhere())
              && (largerThan < 0 || place.inputTokensMax() > largerThan);
      if (first != null && (!fits || !lever.clock.instant().isBefore(end))) {
        continue;
      }
      Outcome<T> outcome = tryAt(place, attempt, end);
      switch (outcome.verdict()) {
        case RETURN -> {
          place.target().ifPresent(target -> fellBack(target, request, context));
          return outcome.finish().reply();
        }
        case ELSEWHERE -> elsewhereOnly |= !place.isElsewhere();
        case LARGER -> largerThan = Math.max(largerThan, place.inputTokensMax());
        case RETRY, NEXT -> {}
      }
      // The caller's own provider is whose trouble the caller can understand.
      first = first == null ? outcome : first;
    }
    lever.failed.increment();
    return last.apply(first.finish());
  }

  private void fellBack(Target target, ChatRequest request, CallContext context) {
    lever.fellBackTo(target);
    String model = target.model().name();
    if (!model.equals(request.model())) {
      context.effects().add(new Routed(FallbackLever.NAME, request.model(), model));
    }
  }

  /** {@return those places that are not cooling down, or all of them if all are} */
  private List<Place> places(ChatRequest request, CallContext context) {
    List<Place> all = new ArrayList<>();
    all.add(new Place(context.url() + " " + request.model(), next, request, Optional.empty()));
    for (Target target : lever.targets(request)) {
      target.model().fit(request).map(fitted -> place(target, fitted)).ifPresent(all::add);
    }
    List<Place> ready = new ArrayList<>(all);
    ready.removeIf(place -> lever.cooldowns.isCooling(place.key()));
    return ready.isEmpty() ? all : ready;
  }

  private Place place(Target target, ChatRequest fitted) {
    return new Place(
        "fallback " + target.name(), target.client().orElse(next), fitted, Optional.of(target));
  }

  private <T> Outcome<T> tryAt(Place place, Try<T> attempt, Instant end) throws IOException {
    for (int tries = 1; ; tries++) {
      Outcome<T> outcome = tryOnce(place, attempt);
      if (outcome.verdict() == Verdict.RETURN || outcome.verdict() == Verdict.LARGER) {
        if (outcome.broken() == null) {
          lever.cooldowns.answered(place.key());
        }
        return outcome;
      }
      lever.cooldowns.failed(place.key());
      Optional<Duration> told =
          outcome.broken() != null
              ? Optional.empty()
              : RetryAfter.of(outcome.tried().headers(), lever.clock.instant());
      if (told.filter(wait -> wait.compareTo(lever.policy.retryAfterMax()) > 0).isPresent()) {
        lever.cooldowns.told(place.key(), told.get());
      }
      if (outcome.verdict() != Verdict.RETRY
          || tries >= lever.policy.attemptsMax()
          || !waits(tries, told, end)) {
        return outcome;
      }
      lever.retries.increment();
    }
  }

  private <T> Outcome<T> tryOnce(Place place, Try<T> attempt) {
    try {
      Tried<T> tried = attempt.at(place.client(), place.request());
      return new Outcome<>(
          tried,
          null,
          Verdict.of(tried.status(), tried.headers(), tried.error(), place.target().isEmpty()));
    } catch (IOException | RuntimeException e) {
      // A caller who is gone is owed no further try, and what is no broken exchange is a mistake
      // of the code's.
      boolean passes = isBrokenExchange(e) && !Thread.currentThread().isInterrupted();
      return new Outcome<>(null, e, passes ? Verdict.RETRY : Verdict.RETURN);
    }
  }

  /** {@return whether it is an I/O error, or a client's own exception around one} */
  private static boolean isBrokenExchange(Throwable e) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      if (cause instanceof IOException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** {@return whether there may be a retry, after its wait} */
  private boolean waits(int retry, Optional<Duration> told, Instant end) throws IOException {
    Optional<Duration> wait = lever.policy.wait(retry, told, lever.random.get());
    if (wait.isEmpty() || lever.clock.instant().plus(wait.get()).isAfter(end)) {
      return false;
    }
    if (!lever.budget.take()) {
      lever.retriesDenied.increment();
      return false;
    }
    try {
      lever.sleeper.sleep(wait.get());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to try again");
    }
  }
}
