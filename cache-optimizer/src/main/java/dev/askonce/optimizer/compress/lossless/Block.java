package dev.askonce.optimizer.compress.lossless;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Some lines of a text that are of one kind. The blocks of a text, one after the other, are the
 * text to the letter.
 *
 * @param text with the line end of its last line, if it has one
 */
record Block(Kind kind, String text) {
  enum Kind {
    /** Sentences, headings and lists: white space inside a line says nothing. */
    PROSE,
    /** A table of Markdown, its second line a rule. */
    TABLE,
    /** A JSON object or array over one or more lines, and nothing beside it. */
    JSON,
    /** Lines of white space alone. */
    BLANK,
    /** From a fence to its end: to be left alone. */
    FENCE,
    /** Whatever else: code, YAML, a diff, columns, an indented line. To be left alone. */
    OTHER
  }

  private static final Pattern FENCE = Pattern.compile("\\s{0,3}(`{3,}|~{3,}).*", Pattern.DOTALL);
  private static final Pattern TABLE_RULE =
      Pattern.compile("\\s*\\|?\\s*:?-+:?\\s*(\\|\\s*:?-+:?\\s*)*\\|?\\s*");

  /** What code, markup and shells are written with, and how lines of diffs and of code begin. */
  private static final Pattern NOT_PROSE =
      Pattern.compile(
          "[ \\t].*|.*[{}=<>|\\\\`^\\t].*|.*;|.*\\[(?!\\d+]).*|.*\\w\\(.*\\).*|[$@+].*|#!.*|-\\S.*"
              + "|(def|class|import|from|return|if|elif|else|for|while|try|except|with)\\b.*:"
              + "|(import|from|package|using|return) [\\w.]+",
          Pattern.DOTALL);

  /** A line of YAML or of headers, unless it is a whole sentence. */
  private static final Pattern KEY = Pattern.compile("(- )?[\\w.-]+:(\\s.*)?", Pattern.DOTALL);

  private static final Pattern SENTENCE = Pattern.compile("(\\S+\\s+){6,}\\S+[.!?]");

  /** A line that only diffs have; then nothing in the text is prose. */
  private static final Pattern DIFF =
      Pattern.compile("^(@@ .*@@|diff --git |--- a/|\\+\\+\\+ )", Pattern.MULTILINE);

  /** A run of spaces where no sentence ends: of two in a paragraph, or a wide one, columns. */
  private static final Pattern GAP = Pattern.compile("[^\\s.,:!?] {2,}(?=\\S)");

  private static final Pattern WIDE_GAP = Pattern.compile("\\S {4,}\\S");

  static List<Block> of(String text) {
    List<String> lines = lines(text);
    boolean diff = DIFF.matcher(text).find();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); ) {
      int end = i + 1;
      Kind kind;
      String line = lines.get(i);
      int json;
      if (isBlank(line)) {
        kind = Kind.BLANK;
        while (end < lines.size() && isBlank(lines.get(end))) {
          end++;
        }
      } else if (FENCE.matcher(line).matches()) {
        kind = Kind.FENCE;
        end = fenceEnd(lines, i);
      } else if (isTable(lines, i)) {
        kind = Kind.TABLE;
        while (end < lines.size() && lines.get(end).stripLeading().startsWith("|")) {
          end++;
        }
      } else if ((json = JsonText.end(lines, i)) > i) {
        kind = Kind.JSON;
        end = json;
      } else {
        while (end < lines.size() && goesOn(lines, end)) {
          end++;
        }
        kind = !diff && isProse(lines.subList(i, end)) ? Kind.PROSE : Kind.OTHER;
      }
      blocks.add(new Block(kind, String.join("", lines.subList(i, end))));
      i = end;
    }
    return blocks;
  }

  /**
   * {@return whether there is nothing in a line, not even what separates records and cannot be
   * seen}
   */
  private static boolean isBlank(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != ' ' && (c < '\t' || c > '\r')) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether a line belongs to the paragraph before it} */
  private static boolean goesOn(List<String> lines, int i) {
    String line = lines.get(i);
    return !isBlank(line)
        && !FENCE.matcher(line).matches()
        && !isTable(lines, i)
        && JsonText.end(lines, i) < 0;
  }

  /** An unclosed fence runs to the end of the text. */
  private static int fenceEnd(List<String> lines, int start) {
    String opening = lines.get(start).strip();
    char mark = opening.charAt(0);
    int length = 0;
    while (length < opening.length() && opening.charAt(length) == mark) {
      length++;
    }
    String closing = String.valueOf(mark).repeat(length);
    for (int i = start + 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith(closing) && line.replace(String.valueOf(mark), "").isEmpty()) {
        return i + 1;
      }
    }
    return lines.size();
  }

  private static boolean isTable(List<String> lines, int i) {
    return lines.get(i).startsWith("|")
        && i + 1 < lines.size()
        && lines.get(i + 1).startsWith("|")
        && TABLE_RULE.matcher(lines.get(i + 1)).matches();
  }

  private static boolean isProse(List<String> lines) {
    int gaps = 0;
    for (String line : lines) {
      String content = line.stripTrailing();
      gaps += (int) GAP.matcher(content).results().count();
      if (NOT_PROSE.matcher(content).matches()
          || KEY.matcher(content).matches() && !SENTENCE.matcher(content).matches()
          || WIDE_GAP.matcher(content).find()
          || gaps > 1) {
        return false;
      }
    }
    return true;
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end + 1));
      start = end + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }
}
