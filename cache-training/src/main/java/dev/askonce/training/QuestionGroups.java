package dev.askonce.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Questions with others that want the same answer and others that look alike and want another one:
 * lines {@code {"q": …, "same": [ … ], "near": [ … ]}}. Those that come with the trainer were
 * written by hand for it, about what people ask companies and assistants.
 */
final class QuestionGroups {
  private static final String OWN = "questions.jsonl";

  private QuestionGroups() {}

  /** {@return the pairs of the groups that come with the trainer} */
  static List<Pair> own() throws IOException {
    try (InputStream in = QuestionGroups.class.getResourceAsStream(OWN)) {
      return read(in, OWN);
    }
  }

  /**
   * {@return of each group the pairs of the question and its like, label 1, and of each near one
   * with the question and with the one of its like that shares most words with it, label 0}
   *
   * @throws IOException if it is no JSON, or with the number of what is no group
   */
  static List<Pair> read(InputStream in, String name) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(in)) {
      for (int number = 1; json.nextToken() != null; number++) {
        QuestionGroup group = QuestionGroup.read(json);
        if (group.same.size() < 2 || group.near.isEmpty()) {
          throw new IOException(name + ", group " + number + ": no group of questions");
        }
        addPairs(group, pairs);
      }
    }
    return pairs;
  }

  /**
   * A question and its like, and those that look alike.
   *
   * @param same the question first
   */
  private record QuestionGroup(List<String> same, List<String> near) {
    static QuestionGroup read(JsonParser json) throws IOException {
      QuestionGroup group = new QuestionGroup(new ArrayList<>(), new ArrayList<>());
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("q") && value == JsonToken.VALUE_STRING) {
          group.same.addFirst(json.getText());
        } else if ((field.equals("same") || field.equals("near"))
            && value == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            (field.equals("same") ? group.same : group.near).add(json.getText());
          }
        } else {
          json.skipChildren();
        }
      }
      return group;
    }
  }

  private static void addPairs(QuestionGroup group, List<Pair> pairs) {
    List<String> same = group.same;
    for (int i = 0; i < same.size(); i++) {
      for (int j = 0; j < i; j++) {
        pairs.add(new Pair(same.get(j), same.get(i), 1));
      }
    }
    for (String text : group.near) {
      pairs.add(new Pair(same.getFirst(), text, 0));
      String alike =
          same.stream()
              .skip(1)
              .max((a, b) -> Double.compare(shared(a, text), shared(b, text)))
              .orElseThrow();
      pairs.add(new Pair(text, alike, 0));
    }
  }

  /** {@return the share of words that two texts have in common} */
  private static double shared(String a, String b) {
    Set<String> words = words(a);
    Set<String> both = new HashSet<>(words);
    both.retainAll(words(b));
    words.addAll(words(b));
    return (double) both.size() / words.size();
  }

  private static Set<String> words(String text) {
    return new HashSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("\\W+")));
  }
}
