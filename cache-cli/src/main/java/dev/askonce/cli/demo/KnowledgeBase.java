package dev.askonce.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions with their answers: each topic has several phrasings with one answer, and near misses,
 * which say almost the same and have answers of their own.
 */
public final class KnowledgeBase {
  /**
   * What a visitor may want to know.
   *
   * @param id unique
   * @param phrasings ways to ask it; all have the same answer
   * @param nearMiss whether it is one letter, number or word away from another intent
   */
  public record Intent(String id, List<String> phrasings, String answer, boolean nearMiss) {}

  private static final String RESOURCE = "knowledge-base.jsonl";

  private final List<Intent> intents = new ArrayList<>();
  private final Map<String, Intent> byPhrasing = new HashMap<>();

  private KnowledgeBase() {}

  /** {@return the knowledge base that comes with the program} */
  public static KnowledgeBase load() {
    KnowledgeBase base = new KnowledgeBase();
    ObjectMapper mapper = new ObjectMapper();
    try (InputStream in = KnowledgeBase.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        base.addTopic(mapper.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return base;
  }

  private void addTopic(JsonNode topic) {
    String id = topic.get("id").asText();
    List<String> phrasings = new ArrayList<>();
    phrasings.add(topic.get("question").asText());
    topic.get("paraphrases").forEach(paraphrase -> phrasings.add(paraphrase.asText()));
    add(new Intent(id, List.copyOf(phrasings), topic.get("answer").asText(), false));
    int number = 0;
    for (JsonNode miss : topic.get("nearMisses")) {
      String missId = id + "/" + miss.get("kind").asText() + "-" + ++number;
      List<String> phrasing = List.of(miss.get("question").asText());
      add(new Intent(missId, phrasing, miss.get("answer").asText(), true));
    }
  }

  private void add(Intent intent) {
    intents.add(intent);
    for (String phrasing : intent.phrasings()) {
      if (byPhrasing.put(phrasing, intent) != null) {
        throw new IllegalStateException("asked twice: " + phrasing);
      }
    }
  }

  public List<Intent> intents() {
    return intents;
  }

  /** {@return the intent that has exactly this phrasing} */
  public Intent of(String phrasing) {
    Intent intent = byPhrasing.get(phrasing);
    if (intent == null) {
      throw new IllegalArgumentException("not in the knowledge base: " + phrasing);
    }
    return intent;
  }
}
