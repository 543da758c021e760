package dev.askonce.training;

import ai.djl.ndarray.NDArray;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights of a network in a file, so that a stopped training is not lost: how many, then of
 * each its name, its count and its floats. Of use on the machine that wrote it; not a format to
 * keep.
 */
final class Checkpoint {
  private Checkpoint() {}

  /** Writes the weights; a file of an earlier state is replaced at once or not at all. */
  static void write(Path path, Map<String, NDArray> weights) throws IOException {
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 20))) {
      out.writeInt(weights.size());
      for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
        float[] values = weight.getValue().toFloatArray();
        out.writeUTF(weight.getKey());
        out.writeInt(values.length);
        for (float value : values) {
          out.writeFloat(value);
        }
      }
    }
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
  }

  static Map<String, float[]> read(Path path) throws IOException {
    Map<String, float[]> weights = new TreeMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 20))) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        float[] values = new float[in.readInt()];
        for (int j = 0; j < values.length; j++) {
          values[j] = in.readFloat();
        }
        weights.put(name, values);
      }
    }
    return weights;
  }
}
