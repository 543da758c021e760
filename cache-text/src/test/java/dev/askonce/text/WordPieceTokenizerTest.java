package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Expected ids are those of the model's published tokenizer for the same text, told not to look for
 * special tokens in it.
 */
class WordPieceTokenizerTest {
  private static final ModelFiles FILES =
      ModelFiles.load(SentenceModel.MINI_LM, WordPieceTokenizerTest.class.getClassLoader());
  private static final WordPieceTokenizer TOKENIZER = TokenizerFile.read(FILES.tokenizer());
  private static final int UNKNOWN = 100;

  private final TokenBuffer tokens = new TokenBuffer(256);

  @Test
  void encode_emptyAndBlank_isTheFrameAlone() {
    assertIds("");
    assertIds("   ");
    assertIds("\t\r\n\u00a0\u3000");
    assertIds("\u0000\u200d\ufffd\u0301");
  }

  @Test
  void encode_question_isLowerCasedAndSplit() {
    assertIds("How do I reset my password?", 2129, 2079, 1045, 25141, 2026, 20786, 1029);
  }

  @Test
  void encode_punctuation_standsAlone() {
    assertIds(
        "don't stop-it: $5.00!",
        2123,
        1005,
        1056,
        2644,
        1011,
        2009,
        1024,
        1002,
        1019,
        1012,
        4002,
        999);
  }

  @Test
  void encode_accents_areStrippedComposedOrNot() {
    assertIds("Café RÉSUMÉ naïve", 7668, 13746, 15743);
    assertIds("e\u0301cole", 12431);
    assertIds("\u0130stanbul", 9960);
  }

  @Test
  void encode_rareWord_isItsLongestPieces() {
    assertIds("unaffable", 14477, 20961, 3468);
  }

  @Test
  void encode_ideographs_standAloneButKanaDoNot() {
    assertIds("東京タワー", 1879, 1755, 1709, 30262, 30265);
  }

  @Test
  void encode_hangul_isDecomposed() {
    assertIds("한국", 1469, 30006, 30021, 29991, 30014, 30020);
  }

  @Test
  void encode_finalSigma_staysPlainSigma() {
    assertIds("Straße ΣΊΣΥΦΟΣ", 2358, 27807, 1173, 18199, 29733, 29735, 29736, 29730, 29733);
  }

  @Test
  void encode_emojiOutsideTheVocabulary_isUnknown() {
    assertIds("I ♥ 😀 it", 1045, 1625, UNKNOWN, 2009);
    assertIds("qzxj\ud83d\udf01q", UNKNOWN);
  }

  @Test
  void encode_loneSurrogate_vanishes() {
    assertIds("re\ud83dset", 25141);
  }

  @Test
  void encode_controlAndFormat_vanishWithoutSplitting() {
    assertIds("zero\u200dwidth\u0007bell\u00a0space", 5717, 9148, 11927, 2232, 17327, 2686);
  }

  @Test
  void encode_wordOfHundredCodePoints_isTheLastThatIsSplit() {
    long[] pieces =
        LongStream.concat(LongStream.of(22038), LongStream.generate(() -> 20348))
            .limit(50)
            .toArray();
    assertIds("x".repeat(100), pieces);
    assertIds("x".repeat(101), UNKNOWN);
    assertIds("é".repeat(101) + " reset", UNKNOWN, 25141);
    assertIds("😀".repeat(100_000), UNKNOWN);
  }

  @Test
  void encode_specialTokenInTheText_isPlainText() {
    assertIds("a [MASK] b", 1037, 1031, 7308, 1033, 1038);
    assertIds("a[mask]", 1037, 1031, 7308, 1033);
    assertIds("[SEP]", 1031, 19802, 1033);
    assertIds("[PAD]", 1031, 11687, 1033);
    assertIds("[CLS]", 1031, 18856, 2015, 1033);
    assertIds("[UNK]", 1031, 4895, 2243, 1033);
    assertFalse(tokens.hasUnread());
  }

  @Test
  void encode_wordOutsideTheVocabulary_hasUnread() {
    for (String word : List.of("🍕", "qzxj\ud83d\udf01q", "แมว", "x".repeat(101))) {
      encode("reset " + word + " it");
      assertTrue(tokens.hasUnread(), word);
      assertFalse(tokens.truncated(), word);
      encode("reset it");
      assertFalse(tokens.hasUnread(), "after " + word);
    }
  }

  @Test
  void encode_marksThatAreLetters_areNotReadOver() {
    for (String word : List.of("ม้า", "कुल", "שָׁלוֹם", "がく", "か\u3099", "\ue000", "\ufffd")) {
      encode("what is " + word);
      assertTrue(tokens.hasUnread(), word);
    }
    for (String word : List.of("café", "ÅNGSTRÖM", "naïve", "ἄνθρωπος", "йод", "한국")) {
      encode("what is " + word);
      assertFalse(tokens.hasUnread(), word);
    }
  }

  @Test
  void encode_afterALongText_startsAfresh() {
    encode("reset ".repeat(1000));
    assertTrue(tokens.truncated());
    assertIds("reset", 25141);
    assertFalse(tokens.truncated());
  }

  @Test
  void encode_atTheLimit_truncatesFromTheFirstTokenTooMany() {
    encode("reset ".repeat(254) + "  ");
    assertEquals(256, tokens.count());
    assertFalse(tokens.truncated());
    encode("reset ".repeat(255));
    assertEquals(256, tokens.count());
    assertTrue(tokens.truncated());
    assertEquals(102, tokens.ids()[255]);
  }

  @Test
  void encode_wordAcrossTheLimit_isCutBetweenItsPieces() {
    encode("reset ".repeat(252) + "unaffable");
    assertTrue(tokens.truncated());
    assertEquals(20961, tokens.ids()[254]);
    assertEquals(102, tokens.ids()[255]);
  }

  @Test
  void encode_charactersSeenBefore_allocatesNothing() {
    var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    String text = "Café, 東京 and a [MASK] that isn't unaffable 😀";
    for (int i = 0; i < 20_000; i++) {
      encode(text);
    }
    // The JVM itself now and then allocates once in the thread; a text that did would in each
    // round.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = memory.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        encode(text);
      }
      least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes in the best of five rounds");
  }

  @Test
  void read_otherNormaliser_isRefused() {
    String file = new String(FILES.tokenizer(), StandardCharsets.UTF_8);
    byte[] cased =
        file.replace("\"lowercase\": true", "\"lowercase\": false")
            .getBytes(StandardCharsets.UTF_8);
    ModelException refusal = assertThrows(ModelException.class, () -> TokenizerFile.read(cased));
    assertTrue(refusal.getMessage().contains("/normalizer/lowercase"), refusal.getMessage());
  }

  @Test
  void read_addedWord_isRefused() {
    String file = new String(FILES.tokenizer(), StandardCharsets.UTF_8);
    byte[] added =
        file.replaceFirst("\"special\": true", "\"special\": false")
            .getBytes(StandardCharsets.UTF_8);
    ModelException refusal = assertThrows(ModelException.class, () -> TokenizerFile.read(added));
    assertTrue(refusal.getMessage().contains("/added_tokens/0/special"), refusal.getMessage());
  }

  @Test
  void read_damagedFile_isRefused() {
    byte[] half = Arrays.copyOf(FILES.tokenizer(), FILES.tokenizer().length / 2);
    assertThrows(ModelException.class, () -> TokenizerFile.read(half));
  }

  private void encode(String text) {
    TOKENIZER.encode(text, tokens);
  }

  /** The ids between the frame. */
  private void assertIds(String text, long... ids) {
    encode(text);
    long[] framed = new long[ids.length + 2];
    framed[0] = 101;
    System.arraycopy(ids, 0, framed, 1, ids.length);
    framed[framed.length - 1] = 102;
    assertArrayEquals(framed, Arrays.copyOf(tokens.ids(), tokens.count()), text);
  }

  @Test
  void read_specialTokenWithoutId_isRefused() {
    for (String id : new String[] {"\"id\":\"x\",", "\"id\":99999999999,", "\"id\":-1,", ""}) {
      String json = new String(FILES.tokenizer(), StandardCharsets.UTF_8);
      byte[] odd = json.replaceFirst("\"id\":\\s*\\d+,", id).getBytes(StandardCharsets.UTF_8);
      ModelException refusal = assertThrows(ModelException.class, () -> TokenizerFile.read(odd));
      assertTrue(refusal.getMessage().contains("/added_tokens/0/id"), refusal.getMessage());
    }
  }

  @Test
  void read_vocabularyOfNothing_isRefused() {
    String json = new String(FILES.tokenizer(), StandardCharsets.UTF_8);
    int vocabulary = json.indexOf('{', json.indexOf("\"vocab\""));
    byte[] empty = (json.substring(0, vocabulary) + "{}}}").getBytes(StandardCharsets.UTF_8);
    ModelException refusal = assertThrows(ModelException.class, () -> TokenizerFile.read(empty));
    assertTrue(refusal.getMessage().contains("no vocabulary"), refusal.getMessage());
  }
}
