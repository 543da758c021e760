package dev.askonce.optimizer.cap;

import dev.askonce.optimizer.chat.ChatRequest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the lever does with one call.
 *
 * @param asked the request as it came
 * @param sent the request to send; the same where nothing is changed
 * @param added what was added to the prompt; empty for nothing
 * @param retry makes the request to send where the limit of {@code sent} cuts the answer off
 * @param capped whether a limit of ours is in force
 * @param visibleTokensMax the most that a stream may show
 * @param condition where else a stream ends
 * @param profile lengths of calls of this kind; empty where this one says nothing about them
 * @param explored whether the answer's length is left alone, to know it
 */
record CapPlan(
    ChatRequest asked,
    ChatRequest sent,
    String added,
    Optional<Supplier<ChatRequest>> retry,
    boolean capped,
    long visibleTokensMax,
    Optional<StopCondition> condition,
    Optional<LengthProfile> profile,
    boolean explored) {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  /** {@return the plan that leaves a request alone} */
  static CapPlan pass(ChatRequest request) {
    return form(request, request, "", Optional.empty());
  }

  /** {@return the plan that decides on the form of an answer alone} */
  static CapPlan form(
      ChatRequest asked, ChatRequest sent, String added, Optional<StopCondition> condition) {
    return new CapPlan(
        asked, sent, added, Optional.empty(), false, NO_LIMIT, condition, Optional.empty(), false);
  }

  /** {@return this plan with a text added to the prompt} */
  CapPlan instructed(String text) {
    return new CapPlan(
        asked,
        Instructions.add(sent, text),
        added.isEmpty() ? text : added + "\n\n" + text,
        retry,
        capped,
        visibleTokensMax,
        condition,
        profile,
        explored);
  }

  /** {@return this plan with a limit in the request, and a larger one for a second try} */
  CapPlan capped(ChatRequest limited, Optional<Supplier<ChatRequest>> larger) {
    return new CapPlan(
        asked, limited, added, larger, true, visibleTokensMax, condition, profile, explored);
  }

  /** {@return this plan with a limit to what a stream shows} */
  CapPlan visible(long tokensMax) {
    return new CapPlan(asked, sent, added, retry, capped, tokensMax, condition, profile, explored);
  }

  /** {@return this plan as one whose answer is measured} */
  CapPlan measured(LengthProfile lengths, boolean leftAlone) {
    return new CapPlan(
        asked,
        sent,
        added,
        retry,
        capped,
        visibleTokensMax,
        condition,
        Optional.of(lengths),
        leftAlone);
  }

  boolean changed() {
    return sent != asked;
  }

  /** {@return whether the answer, if it is a stream, may have to be ended} */
  boolean cuts() {
    return asked.stream() && (visibleTokensMax != NO_LIMIT || condition.isPresent());
  }

  /** {@return whether this plan does anything about the length that another one does not} */
  boolean shortens(CapPlan other) {
    return sent != other.sent || (asked.stream() && visibleTokensMax != other.visibleTokensMax);
  }
}
