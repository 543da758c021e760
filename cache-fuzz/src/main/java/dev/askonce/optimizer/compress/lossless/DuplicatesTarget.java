package dev.askonce.optimizer.compress.lossless;

import dev.askonce.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A text without its repetitions: every paragraph is still there once, what is no prose is all
 * there and in its order, and the question stays at the end.
 */
public final class DuplicatesTarget implements Target {
  private static final String LONG =
      "The warranty covers parts and labour for two years from the day of purchase, and no longer.";

  @Override
  public void run(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    for (boolean lastStays : new boolean[] {false, true}) {
      check(text, Duplicates.exact().without(text, lastStays), true, lastStays);
      check(text, Duplicates.near().without(text, lastStays), false, lastStays);
    }
    Duplicates twice = Duplicates.exact();
    twice.without(text, true);
    check(text, twice.without(text, true), false, true);
  }

  private static void check(String text, String out, boolean all, boolean lastStays) {
    Target.require(out.length() <= text.length(), "longer");
    int from = 0;
    String last = "";
    for (Block block : Block.of(text)) {
      String stripped = block.text().strip();
      if (block.kind() == Block.Kind.BLANK) {
        continue;
      }
      last = stripped;
      if (block.kind() != Block.Kind.PROSE) {
        int at = out.indexOf(stripped, from);
        Target.require(at >= 0, "what is no prose is dropped");
        from = at + stripped.length();
      } else if (all) {
        Target.require(spaced(out).contains(spaced(stripped)), "a paragraph is nowhere");
      }
    }
    Target.require(!lastStays || out.stripTrailing().endsWith(last), "the question is dropped");
  }

  private static String spaced(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed(LONG + "\n\n" + LONG + "\n\nIs it covered?"),
        seed(LONG + "\n\n" + LONG.replace("two", "three") + "\n\n```\n" + LONG + "\n```\n"),
        seed("A\n\n| a |\n|---|\n" + LONG + "\n" + LONG + "\n\n\n" + LONG + "  \n{ \"a\": 1 }\n"));
  }

  private static byte[] seed(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
