package dev.askonce.openai.standin;

/** How one batch goes wrong. */
public enum BatchFault {
  /** It does not. */
  NONE,
  /** Its first line is found faulty, and nothing is run. */
  REJECTED,
  /** Too many tokens of its model wait already, and nothing is run. */
  TOKEN_LIMIT,
  /** A day passes after the first half of its lines. */
  EXPIRED,
  /** Every second line is answered with status 500. */
  LINE_ERRORS,
  /** It is created, but the connection is cut before anybody hears of it. */
  CREATE_CUT
}
