package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Hit;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.openai.AskOnce;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.ledger.LedgerRow;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/start.md shows, in its order. */
class StartTest {
  @TempDir Path temp;

  private Path directory;
  private Embedder embedder;
  private SemanticCache cache;

  @BeforeEach
  void open() {
    directory = temp.resolve("answers");
    embedder = MiniLmEmbedder.open();
    // region
    SemanticCache cache =
        SemanticCache.at(directory)
            .embedder(embedder)
            .threshold(0.95) // raw cosine
            .ttl(Duration.ofHours(1))
            .entriesMax(100_000)
            .open();
    // end
    this.cache = cache;
  }

  @AfterEach
  void close() {
    cache.close();
    embedder.close();
  }

  @Test
  void putAndLookup() {
    // region
    Scope scope = Scope.tenant("acme").with("model", "gpt-4o");
    cache.put(scope, "What are your opening hours?", Answer.text("Nine to five."));

    Lookup lookup = cache.lookup(scope, "What are your opening hours please?");
    String shown = lookup.hit().map(Hit::answer).map(Answer::text).orElse("not known yet");
    // end
    assertEquals("Nine to five.", shown);
    // region
    boolean foreign = cache.lookup(Scope.tenant("other"), "What are your opening hours?").isHit();
    // end
    assertFalse(foreign);
    // region
    cache.put(
        scope,
        "What does the Growth plan cost?",
        Answer.text("49 dollars a month."),
        PutOptions.DEFAULTS.ttl(Duration.ofMinutes(5)).tags("price-list").provenance("sync-job"));

    cache.lookup(scope, "What does the Growth plan cost?", LookupOptions.DEFAULTS.threshold(0.98));
    long removed = cache.invalidateTag("price-list");
    // end
    assertEquals(1, removed);
  }

  @Test
  void loadTicket() {
    Scope scope = Scope.tenant("acme");
    String question = "Where is my parcel?";
    // region
    try (LoadTicket ticket = cache.acquire(scope, question, LookupOptions.DEFAULTS)) {
      if (ticket.role() == LoadTicket.Role.FOLLOWER) {
        ticket.await(Duration.ofSeconds(30)); // somebody else is asking this right now
      }
      if (ticket.role() == LoadTicket.Role.HIT) {
        use(ticket.lookup().answer().orElseThrow());
      } else {
        Answer answer = askModel(question);
        ticket.fulfil(answer, PutOptions.DEFAULTS);
        use(answer);
      }
    }
    // end
    assertTrue(cache.lookup(scope, question).isHit());
  }

  @Test
  void openAiClient() {
    try (StandInServer server = StandInServer.start(request -> "Under Settings, Users.")) {
      String url = server.baseUrl();
      // region
      Pipeline pipeline = Pipeline.of(cache);
      OpenAIClient client =
          AskOnce.openAi(pipeline, "acme", options -> options.baseUrl(url).apiKey("key"));

      ChatCompletionCreateParams request =
          ChatCompletionCreateParams.builder()
              .model("gpt-4o")
              .addSystemMessage("You help the users of our shop.")
              .addUserMessage("Where do I add a user?")
              .build();
      ChatCompletion first = client.chat().completions().create(request);
      ChatCompletion second = client.chat().completions().create(request); // from the cache

      LedgerRow books = pipeline.ledger().snapshot().total();
      System.out.printf(
          "%d calls, paid $%.6f instead of $%.6f%n",
          books.calls(), books.costNanoDollars() / 1e9, books.baselineNanoDollars() / 1e9);
      // end
      assertEquals(first, second);
      assertEquals(1, server.chatCalls());
      assertEquals(2 * books.costNanoDollars(), books.baselineNanoDollars());
      client.close();
    }
  }

  private static Answer askModel(String question) {
    return Answer.text("About: " + question);
  }

  private static void use(Answer answer) {
    assertFalse(answer.text().isEmpty());
  }

  @Test
  void sharedCache_isEncryptedAndLimited() throws IOException {
    Path directory = temp.resolve("shared");
    byte[] key = new byte[32];
    // region
    SemanticCache shared =
        SemanticCache.at(directory)
            .embedder(embedder)
            .encryptionKey(key) // 32 bytes from your key store; from the first opening on
            .entriesMaxOfTenant(20_000)
            .entriesMaxOfPrincipal(1_000)
            .open();
    // end
    try (shared) {
      shared.put(Scope.tenant("acme"), "Where are you?", Answer.text("In Springfield."));
      assertTrue(shared.lookup(Scope.tenant("acme"), "Where are you?").isHit());
      byte[] bytes = Files.readAllBytes(directory.resolve("answers-00000.cm"));
      assertFalse(new String(bytes, StandardCharsets.ISO_8859_1).contains("Springfield"));
    }
  }
}
