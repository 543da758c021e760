package dev.askonce.bench.data;

import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** Files of vectors: refused with a sentence, or rows of length 1. */
public final class VectorFileTarget implements Target {
  private static final double TOLERANCE = 1e-5;

  private final Path file = MemoryFolder.create("askonce-fuzz-").path().resolve("vectors");
  private final FileChannel channel;

  public VectorFileTarget() throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /* An input: the dimension, and the file. */

  @Override
  public void run(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    channel.truncate(input.length - 1);
    channel.write(ByteBuffer.wrap(input, 1, input.length - 1), 0);
    try (VectorFile vectors = VectorFile.open(file, input[0])) {
      for (int i = 0; i < vectors.count(); i++) {
        double norm = Vectors.norm(vectors.row(i));
        Target.require(Math.abs(norm - 1) < TOLERANCE, "a row of the length " + norm);
      }
    } catch (InputException e) {
      // Refused.
    }
  }

  @Override
  public List<byte[]> seeds() {
    ByteBuffer two = ByteBuffer.allocate(1 + 4 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    two.put((byte) 2).putFloat(0.6f).putFloat(0.8f).putFloat(3).putFloat(-4);
    return List.of(two.array(), Arrays.copyOf(two.array(), 1 + 2 * Float.BYTES));
  }
}
