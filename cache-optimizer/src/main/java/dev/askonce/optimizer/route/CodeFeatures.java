package dev.askonce.optimizer.route;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The features of code in a prompt; all zero where there is none. */
final class CodeFeatures {
  private static final Pattern CODE =
      Pattern.compile(
          "```|\\bdef \\w+\\s*\\(|#include|\\bfunction \\w*\\s*\\(|=>\\s*\\{|\\)\\s*\\{\\s*\\n"
              + "|;\\s*\\n\\s*\\}|\\bSELECT\\b.+\\bFROM\\b");
  private static final Pattern LOOP = Pattern.compile("\\b(?:for|while)\\b");
  private static final Pattern BRANCH =
      Pattern.compile("\\b(?:if|elif|else|switch|case|try|except|catch)\\b");
  private static final Pattern CALL = Pattern.compile("\\w\\(");
  private static final Pattern METHOD = Pattern.compile("\\.(\\w+)\\(");
  private static final Pattern ASSIGNMENT = Pattern.compile("[^=!<>]=[^=]");
  private static final Pattern INDEX = Pattern.compile("\\w\\[");
  private static final Pattern LITERAL = Pattern.compile("'[^'\\n]*'|\"[^\"\\n]*\"");
  private static final Pattern INDENT = Pattern.compile("(?m)^[ \\t]+(?=\\S)");

  private CodeFeatures() {}

  static boolean isCode(String text) {
    // A text without any of these has none of the patterns, and most texts have none of these.
    boolean possible =
        text.indexOf('(') >= 0
            || text.indexOf('{') >= 0
            || text.indexOf('`') >= 0
            || text.indexOf('#') >= 0
            || text.contains("SELECT");
    return possible && CODE.matcher(text).find();
  }

  static void add(String text, float[] values) {
    if (!isCode(text)) {
      return;
    }
    set(values, Feature.LOOPS, count(LOOP, text));
    set(values, Feature.BRANCHES, count(BRANCH, text));
    set(values, Feature.CALLS, count(CALL, text));
    set(values, Feature.ASSIGNMENTS, count(ASSIGNMENT, text));
    set(values, Feature.INDEXES, count(INDEX, text));
    Set<String> methods = new HashSet<>();
    for (Matcher m = METHOD.matcher(text); m.find(); ) {
      methods.add(m.group(1));
    }
    set(values, Feature.METHODS, methods.size());
    int literals = 0;
    int longest = 0;
    for (Matcher m = LITERAL.matcher(text); m.find(); ) {
      literals++;
      longest = Math.max(longest, m.end() - m.start());
    }
    set(values, Feature.LITERALS, literals);
    set(values, Feature.LITERAL_LENGTH, longest);
    int indent = 0;
    for (Matcher m = INDENT.matcher(text); m.find(); ) {
      indent = Math.max(indent, m.end() - m.start());
    }
    set(values, Feature.INDENT, indent);
  }

  private static int count(Pattern pattern, String text) {
    int count = 0;
    for (Matcher m = pattern.matcher(text); m.find(); ) {
      count++;
    }
    return count;
  }

  private static void set(float[] values, Feature feature, int count) {
    values[feature.ordinal()] = PromptFeatures.log(count);
  }
}
