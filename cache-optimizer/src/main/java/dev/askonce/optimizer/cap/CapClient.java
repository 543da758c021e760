package dev.askonce.optimizer.cap;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Completion;
import java.io.IOException;

/** Sends requests as they are planned, and asks anew where our limit cut an answer off. */
final class CapClient implements ChatClient {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNPROCESSABLE = 422;

  private final CapLever lever;
  private final ChatClient next;

  CapClient(CapLever lever, ChatClient next) {
    this.lever = lever;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    CapPlan plan = lever.plan(request, context);
    ChatReply reply = next.complete(plan.sent(), context);
    if (!plan.changed()) {
      return settled(plan, context, reply);
    }
    if (isRefusal(reply.status())) {
      ChatReply unchanged = next.complete(request, context);
      if (unchanged.status() == OK) {
        lever.taken(plan, context, false);
      }
      return unchanged;
    }
    if (reply.status() == OK) {
      lever.taken(plan, context, true);
    }
    return settled(plan, context, isCutOff(plan, reply) ? again(plan, context, reply) : reply);
  }

  private static boolean isRefusal(int status) {
    return status == BAD_REQUEST || status == UNPROCESSABLE;
  }

  private boolean isCutOff(CapPlan plan, ChatReply reply) {
    try {
      return plan.capped() && reply.status() == OK && isCutOff(reply.completion());
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
      return false;
    }
  }

  private static boolean isCutOff(Completion completion) {
    return completion.finishReason().filter("length"::equals).isPresent();
  }

  /** {@return the answer to the second try, or that to the first where there is no better one} */
  private ChatReply again(CapPlan plan, CallContext context, ChatReply first) {
    lever.truncated.increment();
    if (plan.retry().isPresent()) {
      lever.retried.increment();
      try {
        ChatReply second = next.complete(plan.retry().get().get(), context);
        if (second.status() == OK) {
          lever.wasted(plan, context, first.completion());
          if (isCutOff(second.completion())) {
            lever.passedOn.increment();
          }
          return second;
        }
      } catch (Throwable e) {
        lever.failOpen().swallow(e);
      }
    }
    lever.passedOn.increment();
    return first;
  }

  private ChatReply settled(CapPlan plan, CallContext context, ChatReply reply) {
    if (reply.status() == OK) {
      lever.settle(plan, context, reply.completion());
    }
    return reply;
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    CapPlan plan = lever.plan(request, context);
    ChatStream stream = next.stream(plan.sent(), context);
    if (plan.changed()) {
      if (isRefusal(stream.status())) {
        stream.close();
        ChatStream unchanged = next.stream(request, context);
        if (unchanged.status() == OK) {
          lever.taken(plan, context, false);
        }
        return unchanged;
      }
      if (stream.status() == OK) {
        lever.taken(plan, context, true);
      }
    }
    return stream.isEventStream() ? watched(plan, context, stream) : stream;
  }

  private ChatStream watched(CapPlan plan, CallContext context, ChatStream stream) {
    ChatStream result = plan.cuts() ? cut(plan, stream) : stream;
    if (plan.changed() || plan.profile().isPresent()) {
      result.onEnd(0, end -> settle(plan, context, end.completion()));
    }
    return result;
  }

  private ChatStream cut(CapPlan plan, ChatStream stream) {
    try {
      return CutStream.over(stream, plan, lever);
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
      return stream;
    }
  }

  private void settle(CapPlan plan, CallContext context, Completion completion) {
    if (plan.capped() && isCutOff(completion)) {
      lever.truncated.increment();
      lever.passedOn.increment();
    }
    // A stream that broke or was left says nothing of how long answers are.
    if (completion.finishReason().isPresent()) {
      lever.settle(plan, context, completion);
    }
  }
}
