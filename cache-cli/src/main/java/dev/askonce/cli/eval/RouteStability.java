package dev.askonce.cli.eval;

import dev.askonce.cli.demo.KnowledgeBase;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.optimizer.route.Prompt;
import dev.askonce.optimizer.route.RouteMemory;
import dev.askonce.optimizer.route.RouterModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Whether the paraphrases of the demo's knowledge base get the route of their question. */
final class RouteStability {
  private static final Duration EMBED_TIMEOUT = Duration.ofMinutes(10);
  private static final double[] SHARES = {0.40, 0.45, 0.50, 0.55, 0.60};
  private static final String TENANT = "kb";

  /** A text's embedding, and the index of its question among all texts. */
  private record Phrasing(String text, float[] vector, int question) {}

  private final List<Phrasing> phrasings = new ArrayList<>();
  private final RouterModel model;

  RouteStability(RouterModel model, Embedder embedder) throws TimeoutException {
    this.model = model;
    for (KnowledgeBase.Intent intent : KnowledgeBase.load().intents()) {
      if (intent.phrasings().size() > 1) {
        int question = phrasings.size();
        for (String text : intent.phrasings()) {
          phrasings.add(new Phrasing(text, embedder.embed(text, EMBED_TIMEOUT).vector(), question));
        }
      }
    }
  }

  /** {@return the share, each text judged alone} */
  double alone() {
    return stable(phrasings.stream().mapToDouble(this::need).toArray());
  }

  /** {@return the share where a memory knows the questions, and not the paraphrases} */
  double remembered() {
    List<Phrasing> questions = new ArrayList<>();
    for (int i = 0; i < phrasings.size(); i++) {
      if (phrasings.get(i).question() == i) {
        questions.add(phrasings.get(i));
      }
    }
    RouteMemory memory = RouteMemory.standard();
    memory.learn(
        TENANT,
        questions.stream().map(Phrasing::vector).toList(),
        questions.stream().mapToDouble(this::need).toArray());
    return stable(
        phrasings.stream()
            .mapToDouble(each -> memory.settle(TENANT, each.vector(), need(each)))
            .toArray());
  }

  private double need(Phrasing phrasing) {
    return model.need(Prompt.of(phrasing.text()), phrasing.vector());
  }

  private double stable(double[] needs) {
    double[] sorted = needs.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (double share : SHARES) {
      double threshold = sorted[(int) (share * sorted.length)];
      int pairs = 0;
      int same = 0;
      for (int i = 0; i < needs.length; i++) {
        int question = phrasings.get(i).question();
        if (question != i) {
          pairs++;
          same += needs[i] < threshold == needs[question] < threshold ? 1 : 0;
        }
      }
      sum += (double) same / pairs;
    }
    return sum / SHARES.length;
  }
}
