package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.internal.store.SlotRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which bytes of the engine's own files are covered by a checksum, or must be zero: all but the
 * vectors of slots without an entry and what lies between two vectors.
 */
final class Covered {
  private final StoreImage image;
  private final int segmentSlots;
  private final int vectorBytes;

  Covered(StoreImage image, int segmentSlots, int vectorBytes) {
    this.image = image;
    this.segmentSlots = segmentSlots;
    this.vectorBytes = vectorBytes;
  }

  static boolean isAnswerFile(String name) {
    return name.endsWith(".cm");
  }

  /** {@return whether the engine checks this byte; for its own files} */
  boolean covers(String name, int at) {
    if (!name.startsWith("vectors-")) {
      return true;
    }
    int stride = image.file(name).length / segmentSlots;
    int slot = at / stride;
    byte[] records = image.file(name.replace("vectors", "slots"));
    long commit =
        ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN).getLong(slot * SlotRecord.BYTES);
    return SlotRecord.state(commit) == SlotRecord.LIVE && at % stride < vectorBytes;
  }

  /** {@return whether a covered byte is another one in {@code damaged}, or missing} */
  boolean isDamaged(String name, byte[] damaged) {
    byte[] whole = image.file(name);
    if (damaged == null || damaged.length != whole.length) {
      return true;
    }
    for (int at = Arrays.mismatch(whole, damaged); at >= 0 && at < whole.length; at++) {
      if (whole[at] != damaged[at] && covers(name, at)) {
        return true;
      }
    }
    return false;
  }
}
