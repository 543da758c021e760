package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CrossEncoderTest {
  private static final Duration AMPLE = Duration.ofSeconds(60);

  /** The network's log odds in floats, as training left them, before rounding to 8 bits. */
  private record Trained(String asked, String stored, double logOdds) {}

  private static final List<Trained> TRAINED =
      List.of(
          new Trained(
              "How do I reset my password?",
              "I forgot my password, how can I set a new one?",
              1.555),
          new Trained("How do I reset my password?", "How do I reset my phone?", -4.646),
          new Trained(
              "What is the capital of France?", "Which city is the capital of France?", 2.817),
          new Trained("What is the capital of France?", "What is the capital of Germany?", -12.078),
          new Trained(
              "How can I lose weight quickly?", "What is the fastest way to lose weight?", 3.332),
          new Trained("How can I lose weight quickly?", "How can I gain weight quickly?", -11.994),
          new Trained("Why did Google buy YouTube?", "Why did YouTube buy Google?", 4.081),
          new Trained(
              "Should I learn Java or Python first?",
              "Is it better to start with Python or with Java?",
              0.247));

  private static MiniLmEmbedder embedder;
  private static CrossEncoder verifier;

  @BeforeAll
  static void open() {
    embedder = MiniLmEmbedder.builder().threads(1).open();
    verifier = CrossEncoder.builder().threads(2).open();
  }

  @AfterAll
  static void close() {
    verifier.close();
    embedder.close();
  }

  @Test
  void probability_fixedPairs_isWhatTrainingFound() throws Exception {
    PairCalibration calibration = shippedModel().calibration();
    for (Trained pair : TRAINED) {
      float cosine = cosine(pair.asked, pair.stored);
      double expected = calibration.probability(pair.logOdds, cosine);
      assertEquals(expected, probability(pair.asked, pair.stored), 0.12, pair.toString());
    }
  }

  @Test
  void probability_paraphrase_isAboveANearMiss() throws Exception {
    String asked = "How do I reset my password?";
    double paraphrase = probability(asked, "I forgot my password, how can I set a new one?");
    assertTrue(paraphrase > 0.5, "paraphrase " + paraphrase);
    for (String other :
        List.of(
            "How do I reset my phone?",
            "Why do I need a password?",
            "What is the best way to learn Java?")) {
      assertTrue(probability(asked, other) < paraphrase, other);
    }
  }

  @Test
  void probability_sameCallAgain_isTheSame() throws Exception {
    String a = "What is the capital of France?";
    String b = "Which city is the capital of France?";
    assertEquals(probability(a, b), probability(a, b));
  }

  @Test
  void probability_severalThreadsPerPair_isTheSame() throws Exception {
    try (CrossEncoder wide = CrossEncoder.builder().threads(2).threadsPerPair(2).open()) {
      for (Trained pair : TRAINED) {
        assertEquals(
            verifier.probability(pair.asked, pair.stored, 0.9f, AMPLE),
            wide.probability(pair.asked, pair.stored, 0.9f, AMPLE));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> CrossEncoder.builder().threadsPerPair(0));
  }

  @Test
  void probability_whatIsNotSeenInFull_isNotJudged() throws Exception {
    for (String other : List.of("reset ".repeat(200), "How do I reset it \ud83d\ude00?")) {
      assertEquals(
          OptionalDouble.empty(), verifier.probability("How do I reset it?", other, 0.9f, AMPLE));
      assertEquals(
          OptionalDouble.empty(), verifier.probability(other, "How do I reset it?", 0.9f, AMPLE));
    }
  }

  @Test
  void probability_noTimeLeft_timesOut() {
    assertThrows(TimeoutException.class, () -> verifier.probability("a", "b", 0.9f, Duration.ZERO));
  }

  @Test
  void probability_cosineOutOfRange_isRefused() {
    for (float cosine : new float[] {Float.NaN, 1.1f, -2}) {
      assertThrows(
          IllegalArgumentException.class, () -> verifier.probability("a", "b", cosine, AMPLE));
    }
  }

  @Test
  void leastProbability_largerShare_isLower() {
    double last = Double.POSITIVE_INFINITY;
    for (double share = 0; share <= 1; share += 0.005) {
      double least = verifier.leastProbability(share);
      assertTrue(least <= last, "at " + share);
      last = least;
    }
    assertTrue(last < 1);
    assertThrows(IllegalArgumentException.class, () -> verifier.leastProbability(Double.NaN));
  }

  @Test
  void accepts_itsEmbedderAlone_whateverTheTokenLimit() {
    assertTrue(verifier.accepts(embedder.fingerprint()));
    assertTrue(verifier.accepts(embedder.fingerprint().replaceFirst("tokens=\\d+", "tokens=64")));
    assertFalse(verifier.accepts(embedder.fingerprint().replaceFirst("model=.", "model=x")));
    assertFalse(verifier.accepts("other"));
  }

  @Test
  void open_noSuchModel_saysSo() {
    CrossEncoderBuilder builder = CrossEncoder.builder().model(Path.of("no-such-model.bin"));
    ModelException refusal = assertThrows(ModelException.class, builder::open);
    assertTrue(refusal.getMessage().contains("no-such-model.bin"));
  }

  @Test
  void close_twice_refusesWhatComesLater() {
    CrossEncoder other = CrossEncoder.builder().threads(1).open();
    other.close();
    other.close();
    assertThrows(IllegalStateException.class, () -> other.probability("a", "b", 0.9f, AMPLE));
  }

  private static PairModel shippedModel() throws Exception {
    try (var in = CrossEncoder.class.getResourceAsStream(CrossEncoderBuilder.SHIPPED)) {
      return PairModelFile.read(in.readAllBytes());
    }
  }

  private static double probability(String asked, String stored) throws TimeoutException {
    return verifier.probability(asked, stored, cosine(asked, stored), AMPLE).orElseThrow();
  }

  private static float cosine(String asked, String stored) throws TimeoutException {
    List<Embedding> embeddings = embedder.embedAll(List.of(asked, stored), AMPLE);
    float sum = 0;
    for (int i = 0; i < MiniLmEmbedder.DIMENSION; i++) {
      sum += embeddings.get(0).vector()[i] * embeddings.get(1).vector()[i];
    }
    return sum;
  }
}
