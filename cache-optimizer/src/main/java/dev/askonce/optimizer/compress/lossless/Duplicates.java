package dev.askonce.optimizer.compress.lossless;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The paragraphs of one request so far, to drop those that were there before: the first stays.
 * Equal means equal but for white space; or, where near ones count too, that nine tenths of the
 * five-word shingles of both are shared (Broder 1997) and every number and negation is the same.
 * Short paragraphs, code and anything that is no prose stay. Not thread-safe; one for each request.
 */
public final class Duplicates {
  /** Shorter paragraphs may be headings or answers, which say something by their place. */
  private static final int CHARS_MIN = 80;

  private static final int SHINGLE_WORDS = 5;
  private static final double SHARED_MIN = 0.9;

  /** How many paragraphs are compared with for nearness. */
  private static final int NEAR_MAX = 500;

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Two texts that differ in one of these do not say the same. */
  private static final Pattern DECISIVE =
      Pattern.compile(
          "\\d[\\d.,]*|\\b(no|not|never|none|nor|without|except|unless|only)\\b|n['’]t\\b");

  private record Seen(Set<String> shingles, List<String> decisive) {}

  private final boolean near;
  private final Set<String> exact = new HashSet<>();
  private final List<Seen> seen = new ArrayList<>();

  /** Texts of one paragraph that nothing was compared with yet: mostly the only one. */
  private final List<String> unread = new ArrayList<>(1);

  private Duplicates(boolean near) {
    this.near = near;
  }

  /** {@return an empty set of paragraphs, of which only equal ones are dropped} */
  public static Duplicates exact() {
    return new Duplicates(false);
  }

  /** {@return an empty set of paragraphs, of which nearly equal ones are dropped too} */
  public static Duplicates near() {
    return new Duplicates(true);
  }

  /**
   * {@return the text without paragraphs that this or an earlier text had already}
   *
   * @param lastStays whether the last paragraph stays in any case: where somebody asks, it is the
   *     question
   */
  public String without(String text, boolean lastStays) {
    if (text.length() < CHARS_MIN) {
      return text;
    }
    if (lastStays && text.indexOf('\n') < 0) {
      // One paragraph, which stays: what it says matters only if another text comes.
      unread.add(text);
      return text;
    }
    unread.forEach(earlier -> Block.of(earlier).forEach(this::isRepeated));
    unread.clear();
    List<Block> blocks = Block.of(text);
    int last = blocks.size() - 1;
    while (last >= 0 && blocks.get(last).kind() == Block.Kind.BLANK) {
      last--;
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean dropped = false;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (block.kind() == Block.Kind.BLANK && dropped) {
        dropped = false; // the empty lines behind it go with it
        continue;
      }
      dropped = isRepeated(block) && !(lastStays && i == last);
      if (!dropped) {
        out.append(block.text());
      }
    }
    return out.length() == text.length() ? text : out.toString().stripTrailing();
  }

  /** Notes a block, and says whether it may be dropped. */
  private boolean isRepeated(Block block) {
    return block.kind() == Block.Kind.PROSE
        && block.text().length() >= CHARS_MIN
        && isKnown(block.text());
  }

  /** Notes a paragraph. */
  private boolean isKnown(String paragraph) {
    if (!exact.add(SPACE.matcher(paragraph.strip()).replaceAll(" "))) {
      return true;
    }
    if (!near) {
      return false;
    }
    Seen candidate = new Seen(shingles(paragraph), decisive(paragraph));
    for (Seen earlier : seen) {
      if (candidate.decisive.equals(earlier.decisive)
          && jaccard(candidate.shingles, earlier.shingles) >= SHARED_MIN) {
        return true;
      }
    }
    if (seen.size() < NEAR_MAX) {
      seen.add(candidate);
    }
    return false;
  }

  private static List<String> decisive(String paragraph) {
    return DECISIVE
        .matcher(paragraph.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static Set<String> shingles(String paragraph) {
    String[] words = NOT_WORD.split(paragraph.toLowerCase(Locale.ROOT).strip());
    Set<String> shingles = new HashSet<>();
    for (int i = 0; i + SHINGLE_WORDS <= words.length; i++) {
      shingles.add(String.join(" ", List.of(words).subList(i, i + SHINGLE_WORDS)));
    }
    return shingles;
  }

  private static double jaccard(Set<String> a, Set<String> b) {
    int shared = 0;
    for (String shingle : a) {
      if (b.contains(shingle)) {
        shared++;
      }
    }
    int all = a.size() + b.size() - shared;
    return all == 0 ? 0 : (double) shared / all;
  }
}
