package dev.askonce.optimizer.cache;

import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.StreamEnd;

/** What becomes of a reply: whether it is kept, and what those who wait for it are told. */
enum Admission {
  /** A complete, successful answer. */
  STORE,
  /** An answer that only its caller may have: those who wait ask for their own. */
  DECLINE,
  /** No answer, and another try may give one: one of those who wait tries. */
  FAIL;

  private static final int OK = 200;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  static Admission of(int status, Completion completion) {
    if (status != OK) {
      return ofError(status);
    }
    boolean complete =
        !completion.broken()
            && completion.choiceCount() == 1
            && completion.finishReason().filter("stop"::equals).isPresent()
            && !completion.refused()
            && !completion.toolCalls()
            && !completion.content().isEmpty();
    return complete ? STORE : DECLINE;
  }

  static Admission of(StreamEnd end) {
    return switch (end.cause()) {
      case DONE -> end.recorded().isPresent() ? of(OK, end.completion()) : DECLINE;
      // Some providers never send the mark of completeness: to fail here would make all who wait
      // try one after the other.
      case CUT_SHORT -> DECLINE;
      case BROKEN, ABANDONED -> FAIL;
    };
  }

  /** A caller's mistake is declined: everyone who asks the same will hear the same, at once. */
  static Admission ofError(int status) {
    boolean passing =
        status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
    return passing ? FAIL : DECLINE;
  }
}
