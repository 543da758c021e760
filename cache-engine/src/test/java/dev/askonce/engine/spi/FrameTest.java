package dev.askonce.engine.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.TestSeed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final long SEED = 77;
  private static final EntryId ID = new EntryId(3, 4);
  private static final Hash128 SCOPE = new Hash128(5, 6);

  private static byte[] frame(byte[]... sections) {
    return Frame.encode(SEED, ID, SCOPE, sections);
  }

  @Test
  void decode_randomSections_givesThemBack() {
    Random random = TestSeed.random("FrameTest", 9);
    for (int round = 0; round < 500; round++) {
      byte[][] sections = new byte[random.nextInt(Frame.TYPE_COUNT + 1)][];
      for (int type = 0; type < sections.length; type++) {
        if (random.nextBoolean()) {
          sections[type] = new byte[random.nextInt(50)];
          random.nextBytes(sections[type]);
        }
      }
      byte[][] decoded = Frame.decode(SEED, ID, SCOPE, frame(sections)).orElseThrow();
      assertEquals(Frame.TYPE_COUNT, decoded.length);
      for (int type = 0; type < decoded.length; type++) {
        if (type < sections.length && sections[type] != null) {
          assertArrayEquals(sections[type], decoded[type]);
        } else {
          assertNull(decoded[type]);
        }
      }
    }
  }

  @Test
  void decode_anyBitFlipped_isRefused() {
    byte[] frame = frame("head".getBytes(), null, new byte[0], "the body".getBytes());
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(Frame.decode(SEED, ID, SCOPE, flipped).isEmpty(), "bit " + bit);
    }
  }

  @Test
  void decode_anyOtherLength_isRefused() {
    byte[] frame = frame("head".getBytes(), "the body".getBytes());
    for (int length = 0; length < frame.length + 20; length++) {
      boolean whole = length == frame.length;
      byte[] cut = Arrays.copyOf(frame, length);
      assertEquals(whole, Frame.decode(SEED, ID, SCOPE, cut).isPresent(), "length " + length);
    }
  }

  @Test
  void decode_ofAnotherEntryScopeOrStore_isRefused() {
    byte[] frame = frame("body".getBytes());
    assertTrue(Frame.decode(SEED, ID, SCOPE, frame).isPresent());
    assertTrue(Frame.decode(SEED + 1, ID, SCOPE, frame).isEmpty());
    assertTrue(Frame.decode(SEED, new EntryId(4, 4), SCOPE, frame).isEmpty());
    assertTrue(Frame.decode(SEED, new EntryId(3, 5), SCOPE, frame).isEmpty());
    assertTrue(Frame.decode(SEED, new EntryId(4, 3), SCOPE, frame).isEmpty());
    assertTrue(Frame.decode(SEED, ID, new Hash128(6, 6), frame).isEmpty());
    assertTrue(Frame.decode(SEED, ID, new Hash128(5, 5), frame).isEmpty());
    assertTrue(Frame.decode(SEED, ID, new Hash128(6, 5), frame).isEmpty());
  }

  /** Whoever can compute the checksum can write any bytes: the parser must stand that. */
  @Test
  void decode_malformedWithRightChecksum_isRefusedNeverThrown() {
    Random random = TestSeed.random("FrameTest malformed", 10);
    byte[] frame = frame("head".getBytes(), "the body".getBytes(), new byte[3]);
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = Arrays.copyOf(frame, 48 + random.nextInt(frame.length));
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        mutated[40 + random.nextInt(mutated.length - 40)] = (byte) random.nextInt();
      }
      ByteBuffer out = ByteBuffer.wrap(mutated).order(ByteOrder.LITTLE_ENDIAN);
      out.putShort(4, (short) random.nextInt(5));
      int end = mutated.length - 8;
      out.putLong(end, LongHashFunction.xx3(SEED).hashBytes(mutated, 0, end));
      Frame.decode(SEED, ID, SCOPE, mutated)
          .ifPresent(sections -> assertEquals(Frame.TYPE_COUNT, sections.length));
    }
  }

  @Test
  void answer_roundTrip_isEqual() {
    for (Answer answer :
        new Answer[] {
          Answer.text(""),
          Answer.text("Grüße, 世界 \uD83D\uDE00"),
          new Answer("", new byte[0]),
          new Answer("a/".repeat(127), new byte[70_000])
        }) {
      byte[] frame = AnswerFrame.encode(SEED, ID, SCOPE, answer);
      assertEquals(Optional.of(answer), AnswerFrame.decode(SEED, ID, SCOPE, frame));
    }
  }

  @Test
  void answer_sectionsMissing_isRefused() {
    assertTrue(AnswerFrame.decode(SEED, ID, SCOPE, frame()).isEmpty());
    assertTrue(AnswerFrame.decode(SEED, ID, SCOPE, frame(new byte[1])).isEmpty());
    assertTrue(AnswerFrame.decode(SEED, ID, SCOPE, frame(null, new byte[1])).isEmpty());
  }

  @Test
  void answer_sectionOfALaterVersion_isIgnored() {
    byte[] later = frame("t".getBytes(), "b".getBytes(), null, null, null, "new".getBytes());
    assertEquals("b", AnswerFrame.decode(SEED, ID, SCOPE, later).orElseThrow().text());
  }

  /** Bytes that are no UTF-8 become three each: what fitted as a content type may not any more. */
  @Test
  void decodeAnswer_contentTypeThatIsNoText_isRefused() {
    byte[] contentType = new byte[255];
    Arrays.fill(contentType, (byte) 0x80);
    byte[] frame = frame(contentType, "body".getBytes());
    assertTrue(AnswerFrame.decode(SEED, ID, SCOPE, frame).isEmpty());
  }
}
