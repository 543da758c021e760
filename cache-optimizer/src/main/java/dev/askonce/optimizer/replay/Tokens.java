package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.chat.Usage;

/** Usages with one kind of token changed, and the others within what that allows. */
final class Tokens {
  private Tokens() {}

  static Usage input(Usage usage, long input) {
    long tokens = Math.max(0, input);
    long cached = Math.min(usage.cachedInput(), tokens);
    long written = Math.min(usage.cacheWrite(), tokens - cached);
    return new Usage(tokens, cached, written, usage.output(), usage.reasoning());
  }

  static Usage cached(Usage usage, long cached) {
    long tokens = Math.min(cached, usage.input());
    long written = Math.min(usage.cacheWrite(), usage.input() - tokens);
    return new Usage(usage.input(), tokens, written, usage.output(), usage.reasoning());
  }

  static Usage output(Usage usage, long output) {
    return new Usage(
        usage.input(),
        usage.cachedInput(),
        usage.cacheWrite(),
        output,
        Math.min(usage.reasoning(), output));
  }
}
