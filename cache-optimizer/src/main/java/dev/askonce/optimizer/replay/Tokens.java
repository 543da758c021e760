package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.chat.Usage;

/** Usages with one kind of token changed, and the others within what that allows. */
final class Tokens {
  private Tokens() {}

  static Usage input(Usage usage, long input) {
    long tokens = Math.max(0, input);
    long cached = Math.min(usage.cachedInput(), tokens);
    return of(usage, tokens, cached, usage.output());
  }

  static Usage cached(Usage usage, long cached) {
    return of(usage, usage.input(), Math.min(cached, usage.input()), usage.output());
  }

  static Usage output(Usage usage, long output) {
    return of(usage, usage.input(), usage.cachedInput(), output);
  }

  private static Usage of(Usage usage, long input, long cached, long output) {
    long written = Math.min(usage.cacheWrite(), input - cached);
    return new Usage(
        input,
        cached,
        written,
        Math.min(usage.cacheWriteHour(), written),
        Math.min(usage.inputAudio(), input),
        output,
        Math.min(usage.reasoning(), output),
        Math.min(usage.outputAudio(), output),
        usage.webSearches());
  }
}
