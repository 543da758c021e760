package dev.askonce.optimizer.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Tier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class TrainedRoutersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String EASY = "weather rain sunshine please";
  private static final String HARD = "topology manifold homology please";
  private static final RouterModel MODEL =
      RouterTrainer.of("small", "large", WordEmbedder.FINGERPRINT).train(Samples.of(400, 31));

  private final WordEmbedder embedder = new WordEmbedder();
  private final CallContext context = CallContext.of("acme", "https://api.example/v1");

  private static ChatRequest asking(String text) {
    String quoted = new ObjectMapper().valueToTree(text).toString();
    return ChatRequest.parse(
        ("{\"messages\": [{\"role\": \"user\", \"content\": " + quoted + "}]}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void classifier_sendsWhatIsHardToTheStandardTier() {
    ClassifierRouter router = ClassifierRouter.builder(MODEL, embedder).threshold(0.3).build();
    Routing easy = router.route(asking(EASY), context);
    Routing hard = router.route(asking(HARD), context);
    assertEquals(Tier.BUDGET, easy.tier());
    assertEquals(Tier.STANDARD, hard.tier());
    assertTrue(easy.need() < 0.3 && hard.need() >= 0.3);
    assertEquals(ClassifierRouter.REASON, hard.reason());
  }

  @Test
  void classifier_asksTheStandardTier_whereItCannotJudge() {
    ClassifierRouter router = ClassifierRouter.builder(MODEL, embedder).threshold(2).build();
    assertEquals(Tier.BUDGET, router.route(asking(EASY), context).tier());
    embedder.slow = true;
    assertEquals(Tier.STANDARD, router.route(asking(EASY), context).tier());
    embedder.broken = true;
    embedder.slow = false;
    assertEquals(ClassifierRouter.NO_VECTOR, router.route(asking(EASY), context).reason());
    assertEquals(2, router.failures());
    assertEquals(ClassifierRouter.NO_TEXT, router.route(asking(" "), context).reason());
  }

  @Test
  void memory_givesAParaphraseTheNeedOfItsQuestion_withinTheTenant() {
    RouteMemory memory = RouteMemory.of(0.5, 1);
    ClassifierRouter router = ClassifierRouter.builder(MODEL, embedder).memory(memory).build();
    double first = router.route(asking(EASY), context).need();
    double second = router.route(asking(EASY + " dear"), context).need();
    assertEquals(first, second);
    double other = router.route(asking(EASY + " dear"), context.tenant("other")).need();
    assertNotEquals(first, other);
  }

  @Test
  void memory_leavesAPromptAlone_thatNeedsMuchMoreOrIsUnlike() {
    RouteMemory memory = RouteMemory.of(0.5, 0.1);
    float[] vector = WordEmbedder.vector(EASY);
    assertEquals(0.2, memory.settle("a", vector, 0.2));
    assertEquals(0.2, memory.settle("a", vector, 0.29));
    assertEquals(0.6, memory.settle("a", vector, 0.6));
    assertEquals(0.25, memory.settle("a", WordEmbedder.vector("quite another thing"), 0.25));
  }

  @Test
  void memory_forgetsTheOldest() {
    RouteMemory memory = RouteMemory.of(0.99, 1);
    float[] first = WordEmbedder.vector("text 0");
    memory.settle("a", first, 0.1);
    assertEquals(0.1, memory.settle("a", first, 0.9));
    for (int i = 1; i <= 1_024; i++) {
      memory.settle("a", WordEmbedder.vector("filler" + i), 0.5);
    }
    assertEquals(0.9, memory.settle("a", first, 0.9));
  }

  @Test
  void knownQuestions_giveNearOnesNearNeeds() {
    RouteMemory memory = RouteMemory.of(0.3, 1);
    List<float[]> questions =
        List.of(
            WordEmbedder.vector(EASY),
            WordEmbedder.vector(EASY + " dear"),
            WordEmbedder.vector(HARD));
    memory.learn("a", questions, new double[] {0.1, 0.3, 0.9});
    double one = memory.settle("a", questions.get(0), 0.1);
    double two = memory.settle("a", questions.get(1), 0.3);
    double far = memory.settle("a", questions.get(2), 0.9);
    assertTrue(one > 0.1 && two < 0.4 && Math.abs(two - one) < 0.1, one + " " + two);
    assertTrue(far > 0.5, "" + far);
    assertThrows(
        ChatException.InvalidSetting.class, () -> memory.learn("a", questions, new double[2]));
  }

  @Test
  void classifier_learnsQuestionsIntoItsMemoryOnly() throws TimeoutException {
    RouteMemory memory = RouteMemory.of(0.3, 1);
    ClassifierRouter router = ClassifierRouter.builder(MODEL, embedder).memory(memory).build();
    router.learn("acme", List.of(EASY, HARD));
    assertEquals(
        router.route(asking(EASY), context).need(),
        router.route(asking(EASY + " dear"), context).need());
    ClassifierRouter without = ClassifierRouter.builder(MODEL, embedder).build();
    assertThrows(ChatException.InvalidSetting.class, () -> without.learn("acme", List.of(EASY)));
  }

  @Test
  void examples_giveTheTierOfTheNearest_andStandardBelowTheFloor() throws TimeoutException {
    NearestExamplesRouter router =
        NearestExamplesRouter.of(
            embedder,
            Map.of(Tier.BUDGET, List.of(EASY), Tier.STANDARD, List.of(HARD)),
            0.5,
            SECOND);
    assertEquals(Tier.BUDGET, router.route(asking(EASY + " dear"), context).tier());
    assertEquals(Tier.STANDARD, router.route(asking(HARD + " dear"), context).tier());
    Routing unlike = router.route(asking("quite another thing"), context);
    assertEquals(NearestExamplesRouter.NONE_NEAR, unlike.reason());
    assertEquals(Tier.STANDARD, unlike.tier());
    embedder.slow = true;
    assertEquals(Tier.STANDARD, router.route(asking(EASY), context).tier());
  }

  @Test
  void fittedFloor_sendsLabelledTextsWhereTheyBelong() throws TimeoutException {
    NearestExamplesRouter router =
        NearestExamplesRouter.of(embedder, Map.of(Tier.BUDGET, List.of(EASY)), 0, SECOND)
            .fitted(
                Map.of(
                    "weather rain sunshine thanks", Tier.BUDGET,
                    "rain sunshine homology manifold", Tier.STANDARD));
    assertEquals(Tier.BUDGET, router.route(asking("weather rain sunshine thanks"), context).tier());
    assertEquals(
        Tier.STANDARD, router.route(asking("rain sunshine homology manifold"), context).tier());
  }

  @Test
  void examples_ofTheReasoningTier_areRefused() {
    assertThrows(
        ChatException.InvalidSetting.class,
        () ->
            NearestExamplesRouter.of(embedder, Map.of(Tier.REASONING, List.of(HARD)), 0.5, SECOND));
    assertThrows(
        ChatException.InvalidSetting.class,
        () -> NearestExamplesRouter.of(embedder, Map.of(), 0.5, SECOND));
  }
}
