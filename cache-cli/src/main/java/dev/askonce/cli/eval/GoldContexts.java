package dev.askonce.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.compress.select.Passage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Reads contexts of a file: lines {@code {question, answers, ctxs}} as of Natural Questions, or
 * {@code {question, answers, context}}. A line with one passage gets passages of other lines beside
 * it, its own at a random place.
 */
final class GoldContexts {
  /** Which passages of other lines stand beside a line's own. */
  enum Beside {
    /** Any. */
    RANDOM,
    /** Those that share the most words with the question. */
    NEAR
  }

  /**
   * @param whole whether its passages are all of its context
   */
  private record Line(
      String question,
      List<String> answers,
      List<Passage> passages,
      BitSet answering,
      boolean whole) {}

  private final List<Line> lines = new ArrayList<>();
  private final Random random;

  private GoldContexts(long seed) {
    random = new Random(seed);
  }

  /**
   * {@return the contexts of all lines whose answer is in them}
   *
   * @param passages how many passages a context has where its line gives one
   */
  static List<GoldContext> read(Path file, int passages, Beside beside, long seed)
      throws IOException {
    GoldContexts contexts = new GoldContexts(seed);
    JsonLines.read(file, (line, where) -> contexts.lines.add(line(line, where)));
    Overlap overlap = beside == Beside.NEAR ? new Overlap(contexts.singles()) : null;
    List<GoldContext> all = new ArrayList<>();
    for (Line line : contexts.lines) {
      GoldContext context = contexts.context(line, passages, overlap);
      if (context.isAnswered()) {
        all.add(context);
      }
    }
    InputException.require(!all.isEmpty(), file + ": no context holds an answer to its question");
    return all;
  }

  private List<Line> singles() {
    return lines.stream().filter(line -> !line.whole).toList();
  }

  private GoldContext context(Line line, int count, Overlap overlap) {
    if (line.whole || count == 1) {
      return new GoldContext(line.question, line.passages, line.answering, line.answers);
    }
    Passage own = line.passages.getFirst();
    List<Passage> passages =
        new ArrayList<>(
            overlap == null
                ? others(own, count - 1)
                : overlap.others(line.question, own, count - 1));
    int place = random.nextInt(passages.size() + 1);
    passages.add(place, own);
    BitSet answering = new BitSet();
    answering.set(place);
    return new GoldContext(line.question, passages, answering, line.answers);
  }

  /** {@return passages of other lines; fewer where the file has no more} */
  private List<Passage> others(Passage own, int count) {
    List<Line> singles = singles();
    Set<Passage> chosen = new HashSet<>();
    List<Passage> others = new ArrayList<>();
    for (int tries = 0; others.size() < count && tries < 20 * count; tries++) {
      Line line = singles.get(random.nextInt(singles.size()));
      Passage passage = line.passages.getFirst();
      if (!isSame(passage, own) && chosen.add(passage)) {
        others.add(passage);
      }
    }
    return others;
  }

  /** Another part of the same article may answer too. */
  private static boolean isSame(Passage a, Passage b) {
    return a.text().equals(b.text()) || !a.title().isEmpty() && a.title().equals(b.title());
  }

  private static Line line(JsonNode line, String where) {
    String question = JsonLines.text(line, "question", where);
    List<String> answers = new ArrayList<>();
    for (JsonNode answer : line.path("answers")) {
      String normal = GoldContext.normal(answer.asText(""));
      if (!normal.isEmpty()) {
        answers.add(normal);
      }
    }
    InputException.require(line.path("answers").isArray(), where + ": no array \"answers\"");
    List<Passage> passages = new ArrayList<>();
    BitSet answering = new BitSet();
    if (line.has("context")) {
      for (String part : JsonLines.text(line, "context", where).split("\n\\s*\n")) {
        if (!part.isBlank()) {
          answering.set(passages.size());
          passages.add(Passage.of(part));
        }
      }
    } else {
      for (JsonNode passage : line.path("ctxs")) {
        String text = JsonLines.text(passage, "text", where);
        if (passage.path("isgold").asBoolean(line.path("ctxs").size() == 1)
            || passage.path("hasanswer").asBoolean(false)) {
          answering.set(passages.size());
        }
        passages.add(new Passage(passage.path("title").asText(""), text));
      }
    }
    InputException.require(!passages.isEmpty(), where + ": neither \"ctxs\" nor \"context\"");
    boolean whole = passages.size() > 1 || line.has("context");
    return new Line(question, answers, passages, answering, whole);
  }

  /** Finds the passages that share the most words with a question, rare words first. */
  private static final class Overlap {
    private final List<Passage> passages = new ArrayList<>();
    private final Map<String, List<Integer>> passagesOfWord = new HashMap<>();

    Overlap(List<Line> lines) {
      Set<Passage> distinct = new HashSet<>();
      for (Line line : lines) {
        Passage passage = line.passages.getFirst();
        if (distinct.add(passage)) {
          for (String word : words(passage.title() + " " + passage.text())) {
            passagesOfWord.computeIfAbsent(word, w -> new ArrayList<>()).add(passages.size());
          }
          passages.add(passage);
        }
      }
    }

    List<Passage> others(String question, Passage own, int count) {
      double[] scores = new double[passages.size()];
      for (String word : words(question)) {
        List<Integer> with = passagesOfWord.getOrDefault(word, List.of());
        for (int i : with) {
          scores[i] += Math.log((double) scores.length / with.size());
        }
      }
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < scores.length; i++) {
        if (!isSame(passages.get(i), own)) {
          order.add(i);
        }
      }
      order.sort(Comparator.comparingDouble(i -> -scores[i]));
      return order.stream().limit(count).map(passages::get).toList();
    }

    private static Set<String> words(String text) {
      return Set.copyOf(List.of(GoldContext.normal(text).split(" ")));
    }
  }
}
