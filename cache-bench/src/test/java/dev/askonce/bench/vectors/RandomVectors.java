package dev.askonce.bench.vectors;

import dev.askonce.bench.data.VectorFile;
import dev.askonce.bench.data.VectorWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** Random vectors around random centres, so that cosines of all sizes occur. */
final class RandomVectors {
  private static final int CENTRES = 40;

  private final Random random;
  private final float[][] centres;

  RandomVectors(int dimension, long seed) {
    random = new Random(seed);
    centres = new float[CENTRES][];
    for (int i = 0; i < CENTRES; i++) {
      centres[i] = near(new float[dimension], 1);
    }
  }

  /** {@return so many vectors; the closest are near duplicates, the farthest strangers} */
  float[][] vectors(int count) {
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = near(centres[random.nextInt(CENTRES)], 0.2 + random.nextDouble());
    }
    return vectors;
  }

  private float[] near(float[] centre, double noise) {
    float[] vector = centre.clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (noise * random.nextGaussian());
    }
    return vector;
  }

  /** {@return the vectors as a file} */
  static Path file(Path file, float[]... rows) throws IOException {
    try (VectorWriter writer = new VectorWriter(file)) {
      for (float[] row : rows) {
        writer.write(row);
      }
      writer.commit();
    }
    return file;
  }

  /** {@return the vectors of a file made of them, at length 1} */
  static VectorFile open(Path file, float[]... rows) throws IOException {
    return VectorFile.open(file(file, rows), rows[0].length);
  }
}
