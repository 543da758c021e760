package dev.askonce.optimizer.fanout;

import dev.askonce.optimizer.chat.ChatReply;

/** What became of one request. */
public sealed interface Outcome {
  /** The model answered. */
  record Answered(ChatReply reply) implements Outcome {}

  /** The provider answered with an error status, after as many tries as there are. */
  record Refused(ChatReply reply) implements Outcome {}

  /** The exchange broke, or a lever threw. */
  record Broken(Exception cause) implements Outcome {}

  /** There is no reply, since there was no time left for one. */
  record Skipped(Reason reason) implements Outcome {}

  /** Why a request has no reply. */
  enum Reason {
    CANCELLED,
    DEADLINE
  }
}
