package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.spi.Frame;
import dev.askonce.engine.spi.Hash128;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptCardTest {
  private static final EntryId ID = new EntryId(1, 2);
  private static final Hash128 SCOPE = new Hash128(3, 4);

  private static PromptCard roundTrip(PromptCard card) {
    return PromptCard.decode(9, ID, SCOPE, card.encode(9, ID, SCOPE)).orElseThrow();
  }

  @Test
  void decode_encoded_isEqual() {
    for (Optional<String> text :
        List.of(Optional.<String>empty(), Optional.of(""), Optional.of("wie spät? \uD83D\uDE00"))) {
      for (long[] tags : new long[][] {{}, {1}, {Long.MIN_VALUE, -1, 0, 7}}) {
        PromptCard card = roundTrip(new PromptCard(text, tags));
        assertEquals(text, card.text());
        assertArrayEquals(tags, card.tags());
      }
    }
  }

  @Test
  void decode_anyBitFlipped_isRefused() {
    byte[] frame = new PromptCard(Optional.of("text"), new long[] {5}).encode(9, ID, SCOPE);
    for (int bit = 0; bit < frame.length * 8; bit++) {
      frame[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(PromptCard.decode(9, ID, SCOPE, frame).isEmpty());
      frame[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void decode_tagsOfOddLength_isRefused() {
    byte[] frame = Frame.encode(9, ID, SCOPE, null, null, new byte[2], new byte[9]);
    assertTrue(PromptCard.decode(9, ID, SCOPE, frame).isEmpty());
    assertTrue(PromptCard.decode(9, ID, SCOPE, Frame.encode(9, ID, SCOPE)).isEmpty());
  }

  @Test
  void hasTag_ownAndOthers_tellsThemApart() {
    PromptCard card = new PromptCard(Optional.empty(), new long[] {5, 6});
    assertTrue(card.hasTag(5));
    assertTrue(card.hasTag(6));
    assertFalse(card.hasTag(7));
    assertFalse(new PromptCard(Optional.empty(), new long[0]).hasTag(0));
  }

  @Test
  void tagBits_anyTag_setsOneOrTwoAndFiltersMostOthers() {
    Random random = TestSeed.random("PromptCardTest", 5);
    int passed = 0;
    for (int i = 0; i < 10_000; i++) {
      int bits = Long.bitCount(PromptCard.tagBits(random.nextLong()));
      assertTrue(bits == 1 || bits == 2);
      long own = PromptCard.tagBits(random.nextLong());
      long other = PromptCard.tagBits(random.nextLong());
      passed += (own & other) == other ? 1 : 0;
    }
    assertTrue(passed < 100, passed + " of 10,000 other tags pass the filter");
  }
}
