package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.CharTypes;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A generator of UTF-8 that writes what Jackson's own would, and long strings faster: as bytes, of
 * which eight at a time are looked at for what must be escaped. A long string's characters beyond
 * the basic plane are written as they are, where Jackson writes two escapes. Not thread-safe.
 */
final class LongStringGenerator extends JsonGeneratorDelegate {
  private static final int CHARS_MIN = 256;

  /** By how many bytes an escape is longer than what it stands for, at most. */
  private static final int ESCAPE_MORE = 5;

  private static final int[] ESCAPES = CharTypes.get7BitOutputEscapes();
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long SPACES = ' ' * ONES;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;

  LongStringGenerator(JsonGenerator jackson) {
    super(jackson, false);
  }

  @Override
  public void writeString(String text) throws IOException {
    byte[] utf8 = text.length() < CHARS_MIN ? null : text.getBytes(StandardCharsets.UTF_8);
    // Half a surrogate pair has no form in UTF-8: Jackson escapes it.
    if (utf8 == null || !new String(utf8, StandardCharsets.UTF_8).equals(text)) {
      super.writeString(text);
      return;
    }
    int next = escape(utf8, 0);
    if (next == utf8.length) {
      super.writeRawUTF8String(utf8, 0, utf8.length);
      return;
    }
    byte[] out = new byte[utf8.length + utf8.length / 16 + ESCAPE_MORE + 1];
    int length = 0;
    for (int from = 0; from < utf8.length; next = escape(utf8, from)) {
      int room = length + (utf8.length - from) + ESCAPE_MORE + 1;
      out = out.length < room ? Arrays.copyOf(out, room + room / 4) : out;
      System.arraycopy(utf8, from, out, length, next - from);
      length += next - from;
      if (next < utf8.length) {
        length = putEscape(out, length, utf8[next]);
      }
      from = next + 1;
    }
    super.writeRawUTF8String(out, 0, length);
  }

  private static int putEscape(byte[] out, int at, byte c) {
    int end = at;
    out[end++] = '\\';
    if (ESCAPES[c] > 0) {
      out[end++] = (byte) ESCAPES[c];
      return end;
    }
    out[end++] = 'u';
    out[end++] = '0';
    out[end++] = '0';
    out[end++] = HEX[c >> 4];
    out[end++] = HEX[c & 0xF];
    return end;
  }

  /** {@return where the next byte that must be escaped is, or the length} */
  private static int escape(byte[] utf8, int from) {
    int at = from;
    for (int last = utf8.length - Long.BYTES; at <= last; at += Long.BYTES) {
      long marks = marks((long) WORDS.get(utf8, at));
      if (marks != 0) {
        return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
      }
    }
    while (at < utf8.length && (utf8[at] < 0 || ESCAPES[utf8[at]] == 0)) {
      at++;
    }
    return at;
  }

  /**
   * {@return the high bits of those bytes that are a quote, a backslash or below a space} The
   * lowest is right, and behind it there may be more than are true: a borrow goes up.
   */
  private static long marks(long bytes) {
    long quote = bytes ^ QUOTES;
    long backslash = bytes ^ BACKSLASHES;
    return ((bytes - SPACES) | (quote - ONES) | (backslash - ONES)) & ~bytes & HIGHS;
  }
}
