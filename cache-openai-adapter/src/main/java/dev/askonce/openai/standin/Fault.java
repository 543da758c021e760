package dev.askonce.openai.standin;

/** How one chat call goes wrong. */
public enum Fault {
  /** It does not. */
  NONE,
  /** 429 with the headers that ask for another try. */
  RATE_LIMITED,
  /** 500. */
  SERVER_ERROR,
  /** The answer stops at the token limit: {@code finish_reason} length. */
  LENGTH,
  /** The answer is withheld: {@code finish_reason} content_filter. */
  CONTENT_FILTER,
  /** The model refuses. */
  REFUSAL,
  /** The model calls a tool. */
  TOOL_CALLS,
  /** The stream ends properly, but early: without the last chunks and without [DONE]. */
  TRUNCATED_STREAM,
  /** The connection is cut in the middle of the answer. */
  CONNECTION_CUT
}
