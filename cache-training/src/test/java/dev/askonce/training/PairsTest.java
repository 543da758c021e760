package dev.askonce.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs read, parted and made. */
class PairsTest {
  private static final String LINES =
      """
      {"a": "How?", "b": "Why \\"so\\"?", "label": 0}
      {"test": {"x": [1]}, "label": 1, "b": "two", "a": "one"}
      """;

  @TempDir private Path directory;

  @Test
  void read_plainAndGzipped_isTheSame() throws IOException {
    List<Pair> expected = List.of(new Pair("How?", "Why \"so\"?", 0), new Pair("one", "two", 1));
    Path plain = Files.writeString(directory.resolve("pairs.jsonl"), LINES);
    Path packed = directory.resolve("pairs.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(LINES.getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(expected, PairFile.read(plain));
    assertEquals(expected, PairFile.read(packed));
  }

  @Test
  void read_lineWithoutALabel_isRefusedByNumber() throws IOException {
    Path file = Files.writeString(directory.resolve("p"), LINES + "{\"a\": \"x\", \"b\": \"y\"}");
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> PairFile.read(file));
    assertTrue(refusal.getMessage().contains("pair 3"), refusal.getMessage());
  }

  @Test
  void byQuestion_sides_haveNoQuestionInCommon() {
    Random random = new Random(7);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      pairs.add(new Pair("q" + random.nextInt(4_000), "q" + random.nextInt(4_000), i % 2));
    }
    Split split = Split.byQuestion(pairs, 0.2, 1);
    Set<String> trained = new HashSet<>();
    split.training().forEach(pair -> trained.addAll(List.of(pair.a(), pair.b())));
    for (Pair pair : split.heldOut()) {
      assertFalse(trained.contains(pair.a()) || trained.contains(pair.b()), pair.toString());
    }
    assertEquals(pairs.size(), split.training().size() + split.heldOut().size());
    assertTrue(split.heldOut().size() > 300 && split.heldOut().size() <= 400);
    assertEquals(split, Split.byQuestion(pairs, 0.2, 1));
  }

  @Test
  void contrast_madePairs_areHalfOfEachLabelAndDifferInTheirTexts() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pairs.add(
          new Pair(
              "Why did Alice" + " of Rome tell Bob to buy " + (i + 3) + " good phones?",
              "What is the reason why in Rome Bob was told by Alice to buy " + (i + 3) + " phones?",
              1));
    }
    List<Pair> made = ContrastPairs.of(pairs, 120, 5);
    assertEquals(made, ContrastPairs.of(pairs, 120, 5));
    long ones = made.stream().filter(pair -> pair.label() == 1).count();
    assertEquals(made.size() / 2.0, ones, 1);
    assertTrue(made.size() >= 60, made.size() + " made");
    made.forEach(pair -> assertFalse(pair.a().equalsIgnoreCase(pair.b()), pair.toString()));
  }

  @Test
  void logisticFit_drawnFromAModel_findsItsFactors() {
    Random random = new Random(11);
    double[][] features = new double[40_000][];
    int[] labels = new int[features.length];
    double[] factors = {-0.5, 1.5, -2};
    for (int i = 0; i < features.length; i++) {
      features[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
      labels[i] = random.nextDouble() < LogisticFit.probability(factors, features[i]) ? 1 : 0;
    }
    double[] found = LogisticFit.fit(features, labels);
    for (int i = 0; i < factors.length; i++) {
      assertEquals(factors[i], found[i], 0.06);
    }
  }

  @Test
  void groups_givePairsOfBothLabels() throws IOException {
    String line = "{\"q\":\"a b\",\"same\":[\"c d\",\"e f\"],\"near\":[\"e x\"],\"note\":[1]}\n";
    InputStream in = new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
    assertEquals(
        List.of(
            new Pair("a b", "c d", 1),
            new Pair("a b", "e f", 1),
            new Pair("c d", "e f", 1),
            new Pair("a b", "e x", 0),
            new Pair("e x", "e f", 0)),
        QuestionGroups.read(in, "test"));
    for (String wrong :
        List.of("{\"q\":\"a\"}", "{", "{\"q\":\"a\",\"same\":[],\"near\":[\"b\"]}")) {
      InputStream bytes = new ByteArrayInputStream(wrong.getBytes(StandardCharsets.UTF_8));
      assertThrows(IOException.class, () -> QuestionGroups.read(bytes, "test"), wrong);
    }
  }

  @Test
  void ownGroups_doNotContradictThemselves() throws IOException {
    Map<Set<String>, Integer> labels = new HashMap<>();
    for (Pair pair : QuestionGroups.own()) {
      Integer other = labels.put(Set.of(pair.a(), pair.b()), pair.label());
      assertTrue(other == null || other == pair.label(), pair.toString());
    }
    assertTrue(labels.size() > 5_000);
  }
}
