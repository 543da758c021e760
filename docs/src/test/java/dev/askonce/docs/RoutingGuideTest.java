package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.route.Calibration;
import dev.askonce.optimizer.route.ClassifierRouter;
import dev.askonce.optimizer.route.NearestExamplesRouter;
import dev.askonce.optimizer.route.Prompt;
import dev.askonce.optimizer.route.RouteMemory;
import dev.askonce.optimizer.route.RouterModel;
import dev.askonce.optimizer.route.RouterTrainer;
import dev.askonce.optimizer.route.Routing;
import dev.askonce.optimizer.route.RoutingSample;
import dev.askonce.text.MiniLmEmbedder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/routing.md shows. */
class RoutingGuideTest {
  private record Graded(String text, double budget, double standard) {}

  private static final List<String> FAQ =
      List.of("How do I reset my password?", "Where is my invoice?");

  private final CallContext context = CallContext.of("acme", "https://api.example/v1");

  @TempDir Path directory;

  private static ChatRequest request(String text) {
    return ChatRequest.parse(
        ("{\"messages\": [{\"role\": \"user\", \"content\": \"" + text + "\"}]}")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static List<Graded> graded() {
    List<Graded> graded = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      graded.add(
          i % 3 == 0
              ? new Graded("Prove that " + i + " divides infinitely many Mersenne numbers.", 0, 1)
              : new Graded("What is " + i + " plus 2?", 1, 1));
    }
    return graded;
  }

  @Test
  void shippedRouter_choosesATier() throws Exception {
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      RouterModel model = RouterModel.shipped(RouterModel.Shipped.GPT_4O_MINI);
      ClassifierRouter router =
          ClassifierRouter.builder(model, embedder).memory(RouteMemory.standard()).build();
      router.learn("acme", FAQ); // questions you know; paraphrases go where these go
      // end
      Routing known = router.route(request(FAQ.getFirst()), context);
      Routing paraphrase = router.route(request("I forgot my password, what now?"), context);
      assertEquals(known.need(), paraphrase.need());
    }
  }

  @Test
  void ownModel_isTrainedAndCalibrated() throws Exception {
    try (Embedder embedder = MiniLmEmbedder.open()) {
      Path file = directory.resolve("own.router");
      List<Graded> graded = graded();
      // region
      List<RoutingSample> samples = new ArrayList<>();
      for (Graded each : graded) { // a prompt and how good both models' answers were, 0 to 1
        float[] vector = embedder.embed(each.text(), Duration.ofSeconds(5)).vector();
        samples.add(
            new RoutingSample(Prompt.of(each.text()), vector, "", each.budget(), each.standard()));
      }
      RouterTrainer trainer = RouterTrainer.of("gpt-4o-mini", "gpt-4o", embedder.fingerprint());
      double[] needs = trainer.crossValidate(samples);
      Calibration atFloor = Calibration.toLoss(samples, needs, 0.03);
      Calibration atShare = Calibration.toShare(samples, needs, 0.6);
      RouterModel own = trainer.train(samples);
      own.write(file);
      ClassifierRouter router =
          ClassifierRouter.builder(own, embedder).threshold(atFloor.threshold()).build();
      // end
      assertEquals(60, atFloor.reported());
      assertTrue(atFloor.loss() <= 0.03, atFloor.toString());
      assertEquals(0.6, atShare.shareCheap(), 0.15);
      assertEquals(
          Tier.STANDARD,
          router.route(request("Prove that 7 divides some Mersenne number."), context).tier());
      assertThrows(
          ChatException.InvalidSetting.class, () -> RouterModel.read(file).requireEmbedder("x"));
    }
  }

  @Test
  void examples_decide() throws Exception {
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      NearestExamplesRouter router =
          NearestExamplesRouter.of(
              embedder,
              Map.of(
                  Tier.BUDGET, List.of("What are your opening hours?", "Where is my invoice?"),
                  Tier.STANDARD, List.of("Review this contract clause and list its risks.")),
              0.5,
              Duration.ofSeconds(5));
      // end
      assertEquals(Tier.BUDGET, router.route(request("When do you open?"), context).tier());
      assertEquals(Tier.STANDARD, router.route(request("Write a poem."), context).tier());
    }
  }
}
