package dev.askonce.optimizer.compress.select;

import dev.askonce.optimizer.chat.ChatException;

/** How much of a context may stay. */
public sealed interface Budget {
  /** At most this many tokens, or the best piece if that alone has more. */
  record Tokens(long tokensMax) implements Budget {
    public Tokens {
      require(tokensMax > 0, "tokensMax " + tokensMax + " is below 1");
    }
  }

  /** At most this share of the tokens, above 0 and up to 1, or the best piece. */
  record Share(double shareMax) implements Budget {
    public Share {
      require(shareMax > 0 && shareMax <= 1, "shareMax " + shareMax + " not above 0 and up to 1");
    }
  }

  /**
   * The fewest pieces that together have this share of the evidence, from 0 to 1: a question whose
   * answer is plain to see keeps little, a vague one keeps much.
   */
  record Evidence(double evidenceMin) implements Budget {
    public Evidence {
      require(evidenceMin >= 0 && evidenceMin <= 1, "evidenceMin " + evidenceMin + " not in 0..1");
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new ChatException.InvalidSetting(problem);
    }
  }
}
