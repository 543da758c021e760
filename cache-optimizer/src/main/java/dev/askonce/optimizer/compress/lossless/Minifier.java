package dev.askonce.optimizer.compress.lossless;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * Writes a text tighter without changing what it says: JSON without white space between tokens,
 * table cells without padding, prose without runs of spaces, and one empty line for several. Each
 * step of each block counts its tokens and is taken back where it saves none, since fewer
 * characters may be more tokens. Immutable and thread-safe.
 */
public final class Minifier {
  private static final Pattern SPACES = Pattern.compile("(?<=\\S) {2,}(?=\\S)");

  /** Two spaces at the end of a line are Markdown's line break; a longer or shorter run is none. */
  private static final Pattern LINE_END = Pattern.compile("(?<=\\S)( |\\t| {3,})(?=\\r?\\n|$)");

  /** White space around a row, and not the characters that separate records and are none. */
  private static final Pattern ROW_EDGE = Pattern.compile("^[ \\t]+|[ \\t\\r\\n]+$");

  /** White space beside a bar that no backslash stands before. */
  private static final Pattern CELL_START = Pattern.compile("(?<!\\\\)\\|[ \\t]+");

  private static final Pattern CELL_END = Pattern.compile("[ \\t]+\\|");
  private static final Pattern RULE = Pattern.compile("-{2,}");
  private static final char NEXT_LINE = '\u0085';

  private final boolean html;

  private Minifier(boolean html) {
    this.html = html;
  }

  /** {@return the minifier of text, JSON and Markdown} */
  public static Minifier create() {
    return new Minifier(false);
  }

  /**
   * {@return this minifier, taking out of HTML what a reader does not see} Comments, scripts, style
   * and the attributes for them: no longer without a loss to whom asks about these.
   */
  public Minifier html() {
    return new Minifier(true);
  }

  /**
   * {@return the text, tighter where that saves tokens}
   *
   * @param tokens counts the tokens of a text for the model that will read it
   */
  public String minify(String text, ToLongFunction<String> tokens) {
    if (text.isBlank()) {
      return text; // a message of nothing is refused by some who take one of a space
    }
    if (html && HtmlText.isHtml(text)) {
      return shorter(text, HtmlText.minified(text), tokens);
    }
    return isTight(text) ? text : rewritten(text, tokens);
  }

  static String rewritten(String text, ToLongFunction<String> tokens) {
    List<Block> blocks = Block.of(text);
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      String tighter =
          switch (block.kind()) {
            case PROSE ->
                LINE_END.matcher(SPACES.matcher(block.text()).replaceAll(" ")).replaceAll("");
            case TABLE -> table(block.text());
            case JSON -> JsonText.minified(block.text());
            case BLANK -> blank(blocks, i);
            case FENCE, OTHER -> block.text();
          };
      out.append(
          block.kind() == Block.Kind.BLANK ? tighter : shorter(block.text(), tighter, tokens));
    }
    String tighter = out.toString();
    return tighter.length() < text.length() ? shorter(text, tighter, tokens) : text;
  }

  /**
   * {@return whether there is surely nothing to take} Where no white space stands beside other, at
   * the start or at the end, and no line begins like JSON or a table. Most questions are so.
   */
  static boolean isTight(String text) {
    boolean space = true;
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean before = space;
      // To a regular expression NEL ends a line, though Java does not call it white space.
      space = c == NEXT_LINE || Character.isWhitespace(c);
      if (before && space || start && (c == '{' || c == '[' || c == '|')) {
        return false;
      }
      start = c == '\n';
    }
    return !space;
  }

  private static String shorter(String text, String tighter, ToLongFunction<String> tokens) {
    return !tighter.equals(text) && tokens.applyAsLong(tighter) < tokens.applyAsLong(text)
        ? tighter
        : text;
  }

  /** Between two blocks that are understood, one empty line is as good as several. */
  private static String blank(List<Block> blocks, int i) {
    boolean known = i == 0 || isUnderstood(blocks.get(i - 1));
    if (!known || i + 1 < blocks.size() && !isUnderstood(blocks.get(i + 1))) {
      return blocks.get(i).text();
    }
    boolean atEdge = i == 0 || i + 1 == blocks.size();
    return atEdge ? "" : "\n";
  }

  private static boolean isUnderstood(Block block) {
    return block.kind() != Block.Kind.OTHER && block.kind() != Block.Kind.FENCE;
  }

  private static String table(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int number = 0;
    for (String line : text.split("(?<=\n)")) {
      String end = line.endsWith("\n") ? "\n" : "";
      String cells = CELL_START.matcher(ROW_EDGE.matcher(line).replaceAll("")).replaceAll("|");
      cells = CELL_END.matcher(cells).replaceAll("|");
      out.append(number++ == 1 ? RULE.matcher(cells).replaceAll("-") : cells).append(end);
    }
    return out.toString();
  }
}
