package dev.askonce.optimizer.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The features of a question with lettered options, such as {@code A. Paris}. */
final class OptionFeatures {
  private static final Pattern OPTION = Pattern.compile("(?m)^[ \\t]*\\(?([A-J])[.):][ \\t]*(.*)$");
  private static final Pattern NUMERIC = Pattern.compile("[-$\\d.,/%\\s]+");
  private static final Pattern OF_ALL =
      Pattern.compile("\\b(?:all|none|both|neither)\\b", Pattern.CASE_INSENSITIVE);

  private OptionFeatures() {}

  /** {@return whether at least two lines are lettered options} */
  static boolean has(float[] values) {
    return values[Feature.STEM_LENGTH.ordinal()] > 0;
  }

  static void add(String text, float[] values) {
    if (text.indexOf('\n') < 0) {
      return;
    }
    List<String> options = new ArrayList<>();
    int stem = 0;
    for (Matcher m = OPTION.matcher(text); m.find(); ) {
      stem = options.isEmpty() ? m.start() : stem;
      options.add(m.group(2));
    }
    if (options.size() < 2) {
      return;
    }
    int chars = 0;
    int numeric = 0;
    int words = 0;
    boolean ofAll = false;
    Set<String> distinct = new HashSet<>();
    for (String option : options) {
      chars += option.length();
      numeric += NUMERIC.matcher(option).matches() ? 1 : 0;
      ofAll |= OF_ALL.matcher(option).find();
      for (String word : option.toLowerCase(Locale.ROOT).split("\\s+")) {
        words++;
        distinct.add(word);
      }
    }
    float count = options.size();
    values[Feature.OPTION_LENGTH.ordinal()] = PromptFeatures.log(chars / count);
    values[Feature.OPTIONS_NUMERIC.ordinal()] = numeric / count;
    values[Feature.OPTIONS_OF_ALL.ordinal()] = ofAll ? 1 : 0;
    values[Feature.OPTIONS_REPEATING.ordinal()] = 1 - (float) distinct.size() / words;
    values[Feature.STEM_LENGTH.ordinal()] = PromptFeatures.log(stem + 1);
  }
}
