package dev.askonce.optimizer.compress;

/**
 * How much of an endpoint's prompts a provider's cache could know.
 *
 * @param requests seen
 * @param chars of all their messages
 * @param sharedChars of prefixes that one of the 64 requests before had too
 */
public record PrefixStats(long requests, long chars, long sharedChars) {
  /** {@return the share of the characters that stands in a shared prefix, from 0 to 1} */
  public double sharedShare() {
    return chars == 0 ? 0 : (double) sharedChars / chars;
  }
}
