package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.StreamEnd;
import dev.askonce.optimizer.chat.StreamRecorder;
import dev.askonce.optimizer.route.RouteLever.Choice;
import java.io.IOException;
import java.util.Optional;

/**
 * Sends requests where the lever chooses, and as they came where the chosen model will not do.
 *
 * <p>The levers below note what they did to each try; of a try that is given up none of that
 * counts, so tries have effects of their own until one is served.
 */
final class RoutedClient implements ChatClient {
  /** A longer draft of a stream is given up: nothing is kept without a limit. */
  static final int DRAFT_BYTES_MAX = 1 << 20;

  private static final int OK = 200;

  private final RouteLever lever;
  private final ChatClient next;

  RoutedClient(RouteLever lever, ChatClient next) {
    this.lever = lever;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    Choice choice = lever.choose(request, context, next);
    if (!choice.rerouted()) {
      return next.complete(request, context);
    }
    CallContext attempt = context.fresh();
    ChatReply reply = next.complete(choice.request(), attempt);
    if (isRefusal(reply.status())) {
      lever.returned.increment();
      return next.complete(request, context);
    }
    if (choice.checked() && reply.status() == OK) {
      Completion draft = reply.completion();
      if (isRejected(choice.request(), draft, attempt)) {
        giveUp(choice.request(), draft, attempt, context);
        return next.complete(request, context);
      }
    }
    serve(request, choice.request(), attempt, context);
    return reply;
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    Choice choice = lever.choose(request, context, next);
    if (!choice.rerouted()) {
      return next.stream(request, context);
    }
    if (!choice.checked()) {
      return streamUnchecked(request, choice, context);
    }
    CallContext attempt = context.fresh();
    ChatStream stream = next.stream(choice.request(), attempt);
    if (!stream.isEventStream()) {
      return served(stream, request, choice, attempt, context);
    }
    StreamEnd draft = read(stream);
    boolean whole = draft.recorded().isPresent() && draft.cause() != StreamEnd.Cause.BROKEN;
    if (!whole || isRejected(choice.request(), draft.completion(), attempt)) {
      giveUp(choice.request(), draft.completion(), attempt, context);
      return next.stream(request, context);
    }
    serve(request, choice.request(), attempt, context);
    EventReader events = EventReader.over(draft.recorded().get());
    return new ChatStream(
        stream.status(), stream.headers(), stream.contentType(), events, events, Optional.empty());
  }

  private ChatStream streamUnchecked(ChatRequest request, Choice choice, CallContext context)
      throws IOException {
    // A stream's levers may note what they did until its end, so they note it here and now; of a
    // refused one they have nothing to note.
    context.effects().add(new Routed(RouteLever.NAME, request.model(), choice.request().model()));
    ChatStream stream = next.stream(choice.request(), context);
    if (!isRefusal(stream.status())) {
      return stream;
    }
    stream.close();
    lever.returned.increment();
    context.effects().add(new Routed(RouteLever.NAME, request.model(), request.model()));
    return next.stream(request, context);
  }

  private ChatStream served(
      ChatStream error,
      ChatRequest request,
      Choice choice,
      CallContext attempt,
      CallContext context)
      throws IOException {
    if (isRefusal(error.status())) {
      error.close();
      lever.returned.increment();
      return next.stream(request, context);
    }
    serve(request, choice.request(), attempt, context);
    return error;
  }

  /**
   * {@return whether a status says that this model takes no such request or is not there} Trouble
   * that passes is not: that is for the lever that sends.
   */
  private static boolean isRefusal(int status) {
    return status == 400 || status == 403 || status == 404 || status == 422;
  }

  private boolean isRejected(ChatRequest request, Completion draft, CallContext attempt) {
    return lever.objection(new Draft(request, draft, attempt, next)).isPresent();
  }

  private void serve(
      ChatRequest asked, ChatRequest sent, CallContext attempt, CallContext context) {
    context.effects().add(new Routed(RouteLever.NAME, asked.model(), sent.model()));
    attempt.effects().all().forEach(context.effects()::add);
  }

  /** Books a draft that nobody sees, and the calls that were made for its sake. */
  private void giveUp(
      ChatRequest sent, Completion draft, CallContext attempt, CallContext context) {
    lever.escalated.increment();
    String model = draft.model().isEmpty() ? sent.model() : draft.model();
    context
        .effects()
        .add(new Overhead(RouteLever.NAME, model, lever.usage(sent, draft), draft.serviceTier()));
    for (Effect effect : attempt.effects().all()) {
      if (effect instanceof Overhead) {
        context.effects().add(effect);
      }
    }
  }

  private static StreamEnd read(ChatStream stream) {
    StreamRecorder recorder = new StreamRecorder(DRAFT_BYTES_MAX);
    try (stream) {
      long bytes = 0;
      for (ChatEvent event = stream.next(); event != null; event = stream.next()) {
        recorder.add(event);
        bytes += event.bytes().length;
        if (bytes > DRAFT_BYTES_MAX) {
          return recorder.end(StreamEnd.Cause.ABANDONED);
        }
      }
      return recorder.end(StreamEnd.Cause.DONE);
    } catch (IOException | RuntimeException e) {
      return recorder.end(StreamEnd.Cause.BROKEN);
    }
  }
}
