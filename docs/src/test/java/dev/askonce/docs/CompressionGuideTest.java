package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.compress.CompressLever;
import dev.askonce.optimizer.compress.CompressSettings;
import dev.askonce.optimizer.compress.MaterialCompressor;
import dev.askonce.optimizer.compress.PrefixArithmetic;
import dev.askonce.optimizer.compress.select.Budget;
import dev.askonce.optimizer.compress.select.ContextSelector;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.ModelException;
import dev.askonce.text.TokenClassifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Runs what docs/guides/compression.md shows. */
class CompressionGuideTest {
  private final Prices prices = Prices.november2025();
  private final LocalDate day = LocalDate.of(2025, 11, 15);

  @Test
  void guide_lever() {
    Ledger ledger = new Ledger(prices, new JtokkitCounter(), InstantSource.system());
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      MaterialCompressor sentences =
          MaterialCompressor.sentences(
              ContextSelector.of(embedder, Duration.ofMillis(500)), new Budget.Evidence(0.99));
      CompressLever compress =
          CompressLever.builder()
              .endpoint("faq", CompressSettings.DEFAULTS.material(sentences))
              .endpoint("agent", CompressSettings.DEFAULTS.volatileLast(true))
              .build();
      Pipeline pipeline = Pipeline.of(ledger, compress);
      // end
      assertEquals(1, pipeline.levers().size());
    }
  }

  @Test
  void guide_arithmetic() {
    // region
    Price price = prices.of("gpt-4o", day).orElseThrow(); // cached input at half the price
    PrefixArithmetic arithmetic = PrefixArithmetic.openAi(price);
    boolean threeTimesShorter =
        arithmetic.paysForEach(0, 4_096, 1_365, 100); // a third is below a half
    boolean onceForAll =
        arithmetic.paysOnce(1_200, 800, 100); // no: 800 tokens are not cached at all
    // end
    assertTrue(threeTimesShorter);
    assertFalse(onceForAll);
  }

  @Test
  void guide_tokenClassifier_needsAModel() {
    Path model = Path.of("no-model.onnx");
    Path tokenizer = Path.of("no-tokenizer.json");
    assertThrows(ModelException.class, () -> classify(model, tokenizer));
  }

  private static void classify(Path model, Path tokenizer) {
    // region
    try (TokenClassifier classifier =
        TokenClassifier.builder().model(model).tokenizer(tokenizer).forceDigits(true).open()) {
      MaterialCompressor words =
          (question, material, tokens) -> {
            try {
              return classifier.compress(material, 0.5, Duration.ofMillis(500));
            } catch (TimeoutException e) {
              return material;
            }
          };
      CompressSettings settings = CompressSettings.DEFAULTS.material(words);
    }
    // end
  }
}
