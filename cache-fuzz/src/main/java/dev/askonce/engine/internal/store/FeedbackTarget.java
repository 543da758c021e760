package dev.askonce.engine.internal.store;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.HitId;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * The file {@code FEEDBACK}: a pair is kept apart if its record was not changed, and a damaged
 * record is seen; and the ids of hits that come back from outside.
 */
public final class FeedbackTarget implements Target {
  private static final int RECORD = 64;
  private static final int CHECKSUM = RECORD - Long.BYTES;
  private static final int PAIRS = 4;
  private static final int CHANGES_MAX = 32;
  private static final long SEED = 3;

  private static final int WITH_CHECKSUMS = 1;
  private static final int CUT = 2;
  private static final int ID = 4;

  private final byte[] whole = new byte[PAIRS * RECORD];

  public FeedbackTarget() {
    ByteBuffer records = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < PAIRS; i++) {
      int at = i * RECORD;
      records.putInt(at, 1).putLong(at + 8, i).putLong(at + 16, 1);
      records.putLong(at + 24, i).putLong(at + 32, 2);
      seal(whole, at);
    }
  }

  private static void seal(byte[] bytes, int from) {
    long checksum = LongHashFunction.xx3(SEED).hashBytes(bytes, from, CHECKSUM);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(from + CHECKSUM, checksum);
  }

  /* An input: flags, a length, then changes: a place in the file, what is there from then on. */

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int flags = input.next();
    if ((flags & ID) != 0) {
      checkId(Arrays.copyOfRange(bytes, 1, bytes.length));
      return;
    }
    int length = input.next() % (2 * whole.length);
    byte[] changed = Arrays.copyOf(whole, (flags & CUT) != 0 ? length : whole.length);
    for (int i = 0; i < CHANGES_MAX && !input.isEmpty() && changed.length > 0; i++) {
      changed[(input.next() << 8 | input.next()) % changed.length] = (byte) input.next();
    }
    if ((flags & WITH_CHECKSUMS) != 0) {
      for (int from = 0; from + RECORD <= changed.length; from += RECORD) {
        seal(changed, from);
      }
    }
    FeedbackFile read = FeedbackFile.of(Path.of("unused"), changed, SEED, FeedbackFile.RECORDS_MAX);
    int same = 0;
    for (int i = 0; i < PAIRS; i++) {
      int from = i * RECORD;
      boolean isSame =
          changed.length >= from + RECORD
              && Arrays.equals(changed, from, from + RECORD, whole, from, from + RECORD);
      boolean apart = read.separates(new Hash128(i, 2), new Hash128(i, 1));
      Target.require(apart || !isSame, "a pair that is there is forgotten");
      Target.require(!apart || isSame || (flags & WITH_CHECKSUMS) != 0, "a pair of damaged bytes");
      same += isSame ? 1 : 0;
    }
    Target.require(same < PAIRS || read.damaged() == 0 || changed.length > whole.length, "damage");
  }

  /** An id says what it says, or is refused. */
  private static void checkId(byte[] bytes) {
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    try {
      HitId id = HitId.parse(text);
      Target.require(HitId.parse(id.toString()).equals(id), "an id that changes");
    } catch (CacheException.InvalidOption e) {
      Target.require(
          bytes.length < 73 || bytes.length > 73 + 64 || bytes[0] != 1, "a whole id is refused");
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] id = new byte[80];
    id[0] = ID;
    id[1] = 1;
    return List.of(
        new byte[] {0},
        new byte[] {WITH_CHECKSUMS, 0, 0, 8, 2, 0, 64, 2},
        new byte[] {CUT, (byte) 130, 0, 9, 9},
        id);
  }
}
