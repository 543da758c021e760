package dev.askonce.engine.spi;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.fuzz.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.openhft.hashing.LongHashFunction;

/** Frames of answers and cards: what decodes was encoded, byte for byte. */
public final class FrameTarget implements Target {
  private static final long SEED = 0x5EED;
  private static final EntryId ID = new EntryId(3, 5);
  private static final Hash128 SCOPE = new Hash128(7, 9);

  /** Where the entry begins, and where the scope ends. */
  private static final int ENTRY = 8;

  private static final int SECTIONS = 40;
  private static final int WITH_CHECKSUM = 1;
  private static final int OF_THIS_ENTRY = 2;

  /* An input: flags, then the frame. */

  @Override
  public void run(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] frame = Arrays.copyOfRange(input, 1, input.length);
    int end = frame.length - Long.BYTES;
    ByteBuffer out = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    if ((input[0] & OF_THIS_ENTRY) != 0 && end >= SECTIONS) {
      out.putLong(ENTRY, ID.epoch()).putLong(ENTRY + 8, ID.sequence());
      out.putLong(ENTRY + 16, SCOPE.high()).putLong(ENTRY + 24, SCOPE.low());
    }
    if ((input[0] & WITH_CHECKSUM) != 0 && end >= 0) {
      out.putLong(end, LongHashFunction.xx3(SEED).hashBytes(frame, 0, end));
    }
    check(frame);
  }

  private static void check(byte[] frame) {
    byte[] before = frame.clone();
    Optional<byte[][]> sections = Frame.decode(SEED, ID, SCOPE, frame);
    Optional<Answer> answer = AnswerFrame.decode(SEED, ID, SCOPE, frame);
    Optional<PromptCard> card = PromptCard.decode(SEED, ID, SCOPE, frame);
    Target.require(Arrays.equals(before, frame), "a reader changed the frame");
    if (sections.isEmpty()) {
      Target.require(answer.isEmpty() && card.isEmpty(), "content of a frame that is none");
      return;
    }
    byte[][] read = sections.get();
    Target.require(
        Arrays.equals(Frame.encode(SEED, ID, SCOPE, read), frame), "the frame is another one");
    answer.ifPresent(
        a -> Target.require(Arrays.equals(a.body(), read[1]), "another body than the frame's"));
    card.ifPresent(
        c -> Target.require(c.tags().length * Long.BYTES == read[3].length, "other tags"));
    Target.require(
        Frame.decode(SEED + 1, ID, SCOPE, frame).isEmpty()
            && Frame.decode(SEED, new EntryId(3, 6), SCOPE, frame).isEmpty()
            && Frame.decode(SEED, ID, new Hash128(7, 8), frame).isEmpty(),
        "a frame of another store, entry or scope");
  }

  @Override
  public List<byte[]> seeds() {
    byte[] answer = AnswerFrame.encode(SEED, ID, SCOPE, Answer.text("yes"));
    byte[] card = new PromptCard(Optional.of("why?"), new long[] {1, 2}).encode(SEED, ID, SCOPE);
    byte[] bare = new PromptCard(Optional.empty(), new long[0]).encode(SEED, ID, SCOPE);
    return List.of(input(answer), input(card), input(bare));
  }

  private static byte[] input(byte[] frame) {
    return ByteBuffer.allocate(1 + frame.length).put((byte) 3).put(frame).array();
  }
}
