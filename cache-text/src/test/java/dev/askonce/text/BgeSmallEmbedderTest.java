package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BgeSmallEmbedderTest {
  private static final Duration AMPLE = Duration.ofSeconds(60);

  @Test
  void embed_paraphrase_isNearerThanAnotherQuestion() throws Exception {
    try (BgeSmallEmbedder embedder = BgeSmallEmbedder.open();
        MiniLmEmbedder other = MiniLmEmbedder.open()) {
      List<Embedding> all =
          embedder.embedAll(
              List.of(
                  "How do I reset my password?",
                  "How can I reset my password?",
                  "What is the boiling point of water?",
                  "reset ".repeat(300)),
              AMPLE);
      assertEquals(embedder.dimension(), all.getFirst().vector().length);
      assertEquals(1, cosine(all.get(0), all.get(0)), 1e-6);
      assertTrue(cosine(all.get(0), all.get(1)) > 0.95);
      assertTrue(
          cosine(all.get(0), all.get(2)) < 0.6, "unrelated " + cosine(all.get(0), all.get(2)));
      assertFalse(all.getLast().truncated(), "300 words are read, which MiniLM's 256 tokens cut");
      assertNotEquals(other.fingerprint(), embedder.fingerprint());
    }
  }

  @Test
  void open_withoutTheArtifact_saysWhatToAdd() {
    ModelException refusal =
        assertThrows(
            ModelException.class,
            () -> ModelFiles.load(SentenceModel.BGE_SMALL, ClassLoader.getPlatformClassLoader()));
    assertTrue(refusal.getMessage().contains("bge-small-en-v15-q"), refusal.getMessage());
  }

  private static double cosine(Embedding a, Embedding b) {
    double dot = 0;
    for (int i = 0; i < a.vector().length; i++) {
      dot += (double) a.vector()[i] * b.vector()[i];
    }
    return dot;
  }
}
