package dev.askonce.bench.vectors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes flat files of vectors. */
final class FloatFiles {
  private FloatFiles() {}

  static Path write(Path file, float[]... vectors) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(vectors.length * vectors[0].length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float component : vector) {
        bytes.putFloat(component);
      }
    }
    return Files.write(file, bytes.array());
  }
}
