package dev.askonce.text.english;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.decision.GuardedPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Pairs of the same words in another order, with another meaning or with the same, written by hand
 * by somebody who had not seen the guards. They measure; nothing is to be fitted to them.
 */
class WordSwapTest {
  private static final Pattern LINE =
      Pattern.compile("\\{\"a\": \"(.*)\", \"b\": \"(.*)\", \"label\": ([01])}");

  private record Pair(String a, String b, boolean same) {}

  private static List<Pair> pairs() throws IOException {
    List<Pair> pairs = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                WordSwapTest.class.getResourceAsStream("word-swaps.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Matcher matcher = LINE.matcher(line);
        assertTrue(matcher.matches(), line);
        pairs.add(new Pair(matcher.group(1), matcher.group(2), matcher.group(3).equals("1")));
      }
    }
    return pairs;
  }

  private static long refused(List<Pair> pairs, boolean same) {
    GuardedPolicy policy = GuardedPolicy.builder().languages(new English()).build();
    return pairs.stream()
        .filter(pair -> pair.same == same)
        .filter(pair -> policy.assess(pair.a, pair.b, 0.99f).objection().isPresent())
        .count();
  }

  /** Without a verifier: it refuses most of what is left. */
  @Test
  void guardsAlone_refuseMostSwaps_andFewOthers() throws IOException {
    List<Pair> pairs = pairs();
    assertEquals(400, pairs.size());
    long swaps = refused(pairs, false);
    long others = refused(pairs, true);
    assertTrue(swaps >= 230 && others <= 10, swaps + " of 300 swaps, " + others + " of 100 others");
  }
}
