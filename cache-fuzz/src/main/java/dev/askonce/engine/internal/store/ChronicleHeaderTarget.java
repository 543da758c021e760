package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.ByteSource;
import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The numbers before a Chronicle Map's segments: what passes leads nowhere outside of the file. */
public final class ChronicleHeaderTarget implements Target {
  private static final int SEGMENTS = 16;
  private static final int START = 12;
  private static final int LINE = 64;

  /** Bytes that one read gives, as a file system may. */
  private static final int READ_BYTES = 24;

  private static final String TEXT = "!x {segmentHeaderSize: 192, y: 1}";

  /* An input: the file's length, its first bytes, the line with the numbers behind the header, and
   * the header, behind which all is zero but one byte of each line. */

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    long length = input.nextLong();
    byte[] start = input.take(START);
    byte[] state = input.take(LINE);
    byte link = (byte) input.next();
    byte[] text = input.rest();
    int headerBytes = little(start).getInt(8);
    long stateAt = (long) START + headerBytes + LINE - 1 & -LINE;
    ByteSource source =
        (target, from) -> {
          Target.require(from >= 0, "a place before the file");
          if (from >= length) {
            return -1;
          }
          int count = (int) Math.min(Math.min(target.remaining(), READ_BYTES), length - from);
          for (long at = from; at < from + count; at++) {
            if (at < START) {
              target.put(start[(int) at]);
            } else if (at >= stateAt && at < stateAt + LINE) {
              target.put(state[(int) (at - stateAt)]);
            } else if (at - START < text.length) {
              target.put(text[(int) (at - START)]);
            } else {
              target.put(at % LINE == ChronicleHeader.LINK ? link : 0);
            }
          }
          return count;
        };
    boolean linked;
    try {
      linked = new ChronicleHeader(Path.of("answers"), SEGMENTS).check(length, source);
    } catch (DamagedFileException e) {
      return;
    }
    ByteBuffer in = little(state);
    long segments = in.getInt(21) & 0xFFFFFFFFL;
    Target.require(in.getLong(25) > segments && in.getLong(25) <= length, "data behind the end");
    Target.require((in.getInt(8) & 0xFFFFFF) == 0, "further tiers");
    Target.require((in.getLong(16) & 0xFF_FFFF_FFFFL) == 0, "tiers in use");
    Target.require(in.getLong(8) >>> 24 <= SEGMENTS + 1, "the next tier");
    Target.require(link != 0 || !linked, "a link where there is none");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(seed(0), seed(1));
  }

  private static byte[] seed(int link) {
    byte[] text = TEXT.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer seed = ByteBuffer.allocate(8 + START + LINE + 1 + text.length);
    seed.order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1 << 20).putInt(8 + 8, 500);
    int state = 8 + START;
    seed.putLong(state + 8, 17L << 24).putInt(state + 21, 4096).putLong(state + 25, 1 << 20);
    return seed.put(state + LINE, (byte) link).put(state + LINE + 1, text).array();
  }
}
