package dev.askonce.optimizer.route;

import java.util.HashMap;
import java.util.Map;

/** English words that tell what kind of work a prompt asks for, and which feature counts each. */
final class TaskWords {
  private static final Map<String, Feature> FEATURES = new HashMap<>();

  static {
    put(Feature.WHAT_WORDS, "what which");
    put(Feature.WHO_WORDS, "who whom whose");
    put(Feature.PLACE_OR_TIME_WORDS, "when where");
    put(Feature.REASON_WORDS, "why explain reason reasons because cause causes");
    put(Feature.HOW_WORDS, "how");
    put(
        Feature.PROOF_WORDS,
        "prove proof derive verify theorem integral polynomial equation equations");
    put(Feature.STEP_WORDS, "step steps first then after before next finally");
    put(Feature.CONDITION_WORDS, "if suppose assume unless given");
    put(
        Feature.COMPARING_WORDS,
        "more less fewer than twice half third quarter times double triple");
    put(Feature.RATE_WORDS, "each every per average percent ratio rate fraction speed");
    put(Feature.TOTAL_WORDS, "total altogether left remaining remain sum difference rest combined");
    put(
        Feature.TIME_WORDS,
        "hour hours minute minutes day days week weeks month months year years ago age old");
    put(
        Feature.NEGATIONS,
        "not no never except least none cannot false incorrect don't doesn't isn't can't won't");
    put(
        Feature.EASY_TASK_WORDS,
        "classify categorize categorise label extract translate format convert summarize"
            + " summarise rewrite list spell yes sentiment keyword keywords");
    put(
        Feature.HARD_TASK_WORDS,
        "write design create implement plan analyze analyse compare evaluate discuss essay develop"
            + " refactor debug optimize optimise");
    put(Feature.SUPERLATIVES, "most best likely main primary always must should");
  }

  private TaskWords() {}

  private static void put(Feature feature, String words) {
    for (String word : words.split(" ")) {
      FEATURES.put(word, feature);
    }
  }

  /** {@return the feature that counts a word in lower case, or null} */
  static Feature of(String word) {
    return FEATURES.get(word);
  }
}
