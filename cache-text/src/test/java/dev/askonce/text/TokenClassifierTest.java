package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenClassifierTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String[] INPUTS = {"input_ids", "attention_mask"};

  /** Ids are letters: the probability of keeping 'a' is least, that of 'z' greatest. */
  private static final float[][] BY_LETTER = new float[128][2];

  static {
    for (int i = 0; i < BY_LETTER.length; i++) {
      BY_LETTER[i][1] = (i - 'm') / 2f;
    }
  }

  private static final WordTokenizer LETTERS = word -> word.chars().asLongStream().toArray();

  @TempDir Path directory;

  private Path model(float[][] logits, String... inputs) throws IOException {
    return Files.write(
        directory.resolve("model.onnx"), TinyOnnxModel.tokenClassifier(logits, inputs));
  }

  private TokenClassifierBuilder letters() throws IOException {
    return TokenClassifier.builder().model(model(BY_LETTER, INPUTS)).tokenizer(LETTERS, 0, 1);
  }

  private static float probability(char letter) {
    return (float) (1 / (1 + Math.exp(-BY_LETTER[letter][1])));
  }

  @Test
  void words_areScoredByTheMeanOfTheirTokens() throws Exception {
    try (TokenClassifier classifier = letters().open()) {
      List<KeptWord> words = classifier.words(" az  b", TIMEOUT);
      assertEquals(2, words.size());
      assertEquals(1, words.get(0).start());
      assertEquals(3, words.get(0).end());
      assertEquals(2, words.get(0).tokens());
      assertEquals((probability('a') + probability('z')) / 2, words.get(0).probability(), 1e-6f);
      assertEquals(probability('b'), words.get(1).probability(), 1e-6f);
    }
  }

  @Test
  void words_byGreatest_areScoredByTheMostNeededToken() throws Exception {
    try (TokenClassifier classifier = letters().byGreatest(true).open()) {
      assertEquals(
          probability('z'), classifier.words("az", TIMEOUT).getFirst().probability(), 1e-6f);
    }
  }

  @Test
  void compress_keepsTheBestWordsInTheirOrderAndOnTheirLines() throws Exception {
    try (TokenClassifier classifier = letters().open()) {
      assertEquals("yy zz", classifier.compress("yy aa bb zz", 0.5, TIMEOUT));
      assertEquals("yy\nzz", classifier.compress("aa yy\nzz bb", 0.5, TIMEOUT));
      assertEquals("yy aa bb zz", classifier.compress("yy aa bb zz", 1, TIMEOUT));
      assertEquals("", classifier.compress("", 0.5, TIMEOUT));
    }
  }

  @Test
  void compress_forcedWordsAndDigits_stay() throws Exception {
    try (TokenClassifier classifier = letters().force("not").forceDigits(true).open()) {
      assertEquals("not 30", classifier.compress("not a b 30 c zzzz", 0.1, TIMEOUT));
    }
  }

  @Test
  void compressBelow_dropsByProbability() throws Exception {
    try (TokenClassifier classifier = letters().open()) {
      assertEquals("n z", classifier.compressBelow("a n b z l", 0.5, TIMEOUT));
      assertThrows(
          IllegalArgumentException.class, () -> classifier.compressBelow("a", 1.1, TIMEOUT));
      assertThrows(IllegalArgumentException.class, () -> classifier.compress("a", 0, TIMEOUT));
    }
  }

  @Test
  void words_ofLongTexts_areScoredAsInShortOnes() throws Exception {
    String text = "az b ccc zzz y a toolongforonepart ab ";
    try (TokenClassifier parts = letters().tokensMax(6).open();
        TokenClassifier whole = letters().open()) {
      String repeated = text.repeat(20);
      List<KeptWord> read = parts.words(repeated, TIMEOUT);
      List<KeptWord> expected = whole.words(repeated, TIMEOUT);
      assertEquals(160, read.size());
      for (int i = 0; i < read.size(); i++) {
        if (read.get(i).tokens() < 4) { // a longer word is cut to what a part holds
          assertEquals(expected.get(i), read.get(i));
        }
      }
    }
  }

  @Test
  void tokenizerFile_readsWordsAsTheEmbedderDoes() throws Exception {
    ModelFiles files =
        ModelFiles.load(SentenceModel.MINI_LM, TokenClassifierTest.class.getClassLoader());
    Path tokenizer = Files.write(directory.resolve("tokenizer.json"), files.tokenizer());
    TokenBuffer tokens = new TokenBuffer(64);
    TokenizerFile.read(files.tokenizer()).encode("Unbelievable refunds, 30 days.", tokens);
    float[][] logits = new float[31_000][2];
    for (int i = 0; i < logits.length; i++) {
      logits[i][1] = i % 7;
    }
    try (TokenClassifier classifier =
        TokenClassifier.builder()
            .model(model(logits, "input_ids", "attention_mask", "token_type_ids"))
            .tokenizer(tokenizer)
            .open()) {
      List<KeptWord> words = classifier.words("Unbelievable refunds, 30 days.", TIMEOUT);
      assertEquals(4, words.size());
      assertEquals(tokens.count() - 2, words.stream().mapToInt(KeptWord::tokens).sum());
      double expected = 0;
      double sum = 0;
      for (int i = 1; i < tokens.count() - 1; i++) {
        expected += 1 / (1 + Math.exp(-(tokens.ids()[i] % 7)));
      }
      for (KeptWord word : words) {
        sum += word.tokens() * word.probability();
      }
      assertEquals(expected, sum, 1e-4);
    }
  }

  @Test
  void model_ofAnotherKind_isRefusedWithWhatItIs() throws Exception {
    TokenClassifierBuilder threeClasses =
        letters().model(model(new float[128][3], "input_ids", "attention_mask"));
    ModelException classes = assertThrows(ModelException.class, threeClasses::open);
    assertTrue(classes.getMessage().contains("2]"), classes.getMessage());
    TokenClassifierBuilder otherInput =
        letters().model(model(BY_LETTER, "input_ids", "attention_mask", "pixels"));
    ModelException inputs = assertThrows(ModelException.class, otherInput::open);
    assertTrue(inputs.getMessage().contains("pixels"), inputs.getMessage());
    TokenClassifierBuilder missing = letters().model(directory.resolve("none"));
    assertThrows(ModelException.class, missing::open);
    assertThrows(IllegalArgumentException.class, () -> TokenClassifier.builder().open());
  }

  @Test
  void close_twice_thenRefuses() throws Exception {
    TokenClassifier classifier = letters().open();
    classifier.close();
    classifier.close();
    assertThrows(IllegalStateException.class, () -> classifier.words("a", TIMEOUT));
  }
}
