package dev.askonce.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.cli.demo.KnowledgeBase.Intent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnowledgeBaseTest {
  private final List<Intent> intents = KnowledgeBase.load().intents();

  @Test
  void topics_areManyAndAskedInManyWays() {
    List<Intent> topics = intents.stream().filter(intent -> !intent.nearMiss()).toList();
    assertTrue(topics.size() >= 150, "topics " + topics.size());
    for (Intent topic : topics) {
      assertTrue(topic.phrasings().size() >= 7, topic.id());
    }
  }

  @Test
  void nearMisses_areMany() {
    long nearMisses = intents.stream().filter(Intent::nearMiss).count();
    assertTrue(nearMisses >= 1_000, "near misses " + nearMisses);
  }

  @Test
  void answers_areEachTheirOwn() {
    Set<String> answers = new HashSet<>();
    for (Intent intent : intents) {
      assertTrue(answers.add(intent.answer()), intent.id());
    }
    assertEquals(intents.size(), intents.stream().map(Intent::id).distinct().count());
  }
}
