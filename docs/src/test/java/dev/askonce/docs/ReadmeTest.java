package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.text.MiniLmEmbedder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows. */
class ReadmeTest {
  private static final String SYSTEM_PROMPT = "You answer questions about our shop.";

  private int calls;

  @TempDir Path temp;

  @Test
  void readme_asksTheModelOnce() {
    Path directory = temp.resolve("answers");
    // region
    try (Embedder embedder = MiniLmEmbedder.open();
        SemanticCache cache = SemanticCache.at(directory).embedder(embedder).open()) {
      Scope scope = Scope.tenant("acme").with("model", "gpt-4o").with("system", SYSTEM_PROMPT);

      cache.getOrLoad(scope, "How do I reset my password?", () -> askModel());
      Answer answer = cache.getOrLoad(scope, "How can I reset my password?", () -> askModel());

      System.out.println(answer.text()); // the first call's answer: the model was asked once
    }
    // end
    assertEquals(1, calls);
  }

  private Answer askModel() {
    calls++;
    return Answer.text("Choose 'Forgot password' on the sign-in page.");
  }
}
