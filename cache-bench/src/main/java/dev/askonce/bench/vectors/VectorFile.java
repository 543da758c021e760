package dev.askonce.bench.vectors;

import java.io.IOException;
import java.io.Serial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Flat files of vectors: little-endian 32-bit floats, one vector after another, nothing else. */
public final class VectorFile {
  /** A file that does not hold what it should; the message is one line for a person. */
  public static final class Unusable extends IOException {
    @Serial private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  private VectorFile() {}

  /**
   * {@return the file's vectors, scaled to length 1}
   *
   * @throws Unusable if it is missing, has not a whole number of vectors, or one of them is zero or
   *     not finite
   */
  static Vectors read(Path file, int dimension) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new Unusable("no file " + file);
    }
    long vectorBytes = (long) dimension * Float.BYTES;
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      long bytes = channel.size();
      if (bytes == 0 || bytes % vectorBytes != 0 || bytes / vectorBytes > Integer.MAX_VALUE) {
        throw new Unusable(
            "%s has %,d bytes, which is no whole number of vectors of %d floats"
                .formatted(file, bytes, dimension));
      }
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
      Vectors vectors = new Vectors((int) (bytes / vectorBytes), dimension);
      try {
        fill(vectors, mapped, file);
      } catch (Unusable e) {
        vectors.close();
        throw e;
      }
      return vectors;
    }
  }

  private static void fill(Vectors vectors, MemorySegment mapped, Path file) throws Unusable {
    float[] vector = new float[vectors.dimension()];
    for (int i = 0; i < vectors.count(); i++) {
      MemorySegment.copy(
          mapped, Vectors.FLOAT, (long) i * vector.length * Float.BYTES, vector, 0, vector.length);
      try {
        vectors.set(i, vector);
      } catch (IllegalArgumentException e) {
        throw new Unusable("vector %,d of %s: %s".formatted(i, file, e.getMessage()));
      }
    }
  }
}
