package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.Preset;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Route;
import dev.askonce.engine.RouteStats;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.WrongShare;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Judge;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.english.English;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/threshold.md shows. */
class ThresholdGuideTest {
  private final Scope scope = Scope.tenant("acme");
  private final List<String> logged = new ArrayList<>();

  @TempDir Path directory;

  private static Answer askModel(String question) {
    return Answer.text("Under Settings.");
  }

  private void log(String asked, Optional<String> stored, float cosine) {
    logged.add(asked + " | " + stored.orElse("") + " | " + cosine);
  }

  @Test
  void guide_fromTheShadowToServing() throws Exception {
    // region
    Judge judge =
        (asked, storedText, stored, fresh) ->
            stored.text().strip().equals(fresh.text().strip())
                ? Judge.Outcome.RIGHT
                : Judge.Outcome.UNDECIDED; // another wording: somebody has to look
    // end
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      Verifier verifier = CrossEncoder.open();
      DecisionPolicy policy =
          GuardedPolicy.builder().languages(new English()).verifier(verifier).build();
      SemanticCache cache =
          SemanticCache.at(directory)
              .embedder(embedder)
              .policy(policy)
              .route("faq", Route.DEFAULTS.preset(Preset.BALANCED).shadow(true))
              .route("codes", Route.DEFAULTS.policy(new CosinePolicy()).threshold(0.99))
              .judge(judge)
              .open();
      // end
      try (verifier;
          cache) {
        String stored = "How do I change my password?";
        cache.put(scope, stored, askModel(stored));
        shadow(cache, stored);
        report(cache, stored);
      }
    }
  }

  private void shadow(SemanticCache cache, String question) throws InterruptedException {
    // region
    try (LoadTicket ticket = cache.acquire(scope, question, LookupOptions.DEFAULTS.route("faq"))) {
      ticket
          .lookup()
          .withheld()
          .ifPresent(withheld -> log(question, withheld.storedText(), withheld.hit().cosine()));
      ticket.fulfil(askModel(question), PutOptions.DEFAULTS);
    }
    RouteStats faq = cache.stats().routes().get("faq");
    WrongShare wrong = faq.wrongShare(); // its 95% interval from low() to high()
    // end
    assertEquals(1, logged.size(), logged.toString());
    assertEquals(0, faq.exactHits() + faq.semanticHits());
    assertEquals(1, faq.withheld());
    assertEquals(0, wrong.wrong());
  }

  private void report(SemanticCache cache, String question) {
    // region
    Hit hit = cache.lookup(scope, question).hit().orElseThrow();
    String id = hit.hitId().toString(); // goes out with the answer, and comes back
    cache.wrong(HitId.parse(id));
    // end
    assertFalse(cache.lookup(scope, question).isHit());
  }

  @Test
  void route_thatServesAndChecks() {
    // region
    Route served = Route.DEFAULTS.preset(Preset.BALANCED).checkedShare(0.02);
    // end
    assertTrue(served.tightens() && !served.shadow());
  }
}
