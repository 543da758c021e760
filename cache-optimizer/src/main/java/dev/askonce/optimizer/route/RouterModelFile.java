package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a {@link RouterModel}, compressed with gzip, big-endian, in the order of {@link
 * #write}: magic, version, number of features, names, scale, and the parts of the blend.
 */
final class RouterModelFile {
  private static final int MAGIC = 0x414f_5254; // AORT
  private static final int VERSION = 1;

  /** More than any model has of anything: a damaged count must not ask for all memory. */
  private static final int COUNT_MAX = 1 << 26;

  private static final int LINES_MAX = 1 << 14;

  /** No weight is larger, and sums of products of such numbers are numbers still. */
  private static final float NUMBER_MAX = 1e6f;

  private static final double SCALE_MAX = 1e9;

  private RouterModelFile() {}

  static InputStream unpacked(InputStream in, String name) throws IOException {
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (ZipException | EOFException e) {
      throw notOne(name);
    }
  }

  static void write(RouterModel model, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(Feature.COUNT);
    out.writeUTF(model.weakModel());
    out.writeUTF(model.strongModel());
    out.writeUTF(model.embedder());
    out.writeInt(model.sampleCount());
    out.writeDouble(model.threshold());
    out.writeDouble(model.scale().slope());
    out.writeDouble(model.scale().intercept());
    Blend blend = model.blend();
    out.writeFloat(blend.weights().topics());
    out.writeFloat(blend.weights().neighbours());
    out.writeFloat(blend.weights().features());
    write(out, blend.standardisation().mean());
    write(out, blend.standardisation().factor());
    write(out, blend.features());
    write(out, blend.topics().labels());
    for (LinearScore score : blend.topics().scores()) {
      write(out, score);
    }
    Neighbours neighbours = blend.neighbours();
    write(out, neighbours.projection().mean());
    write(out, neighbours.projection().axes());
    write(out, neighbours.labels());
    out.writeInt(neighbours.codes().length);
    out.write(neighbours.codes());
    out.flush();
  }

  /**
   * {@return the model that a stream holds}
   *
   * @param name of the file, for messages
   */
  static RouterModel read(InputStream stream, String name) throws IOException {
    try {
      return read(new DataInputStream(stream), name);
    } catch (EOFException | ZipException | UTFDataFormatException e) {
      throw new ChatException.InvalidSetting(name + " is damaged");
    }
  }

  private static RouterModel read(DataInputStream in, String name) throws IOException {
    if (in.readInt() != MAGIC) {
      throw notOne(name);
    }
    int version = in.readInt();
    int features = in.readInt();
    if (version != VERSION || features != Feature.COUNT) {
      throw new ChatException.InvalidSetting(
          name
              + " is of version "
              + version
              + " with "
              + features
              + " features, not of version "
              + VERSION
              + " with "
              + Feature.COUNT
              + "; train it anew");
    }
    String weak = in.readUTF();
    String strong = in.readUTF();
    String embedder = in.readUTF();
    int samples = in.readInt();
    double threshold = number(in.readDouble(), name);
    LogisticScale scale =
        new LogisticScale(number(in.readDouble(), name), number(in.readDouble(), name));
    Blend.Weights weights = new Blend.Weights(number(in, name), number(in, name), number(in, name));
    Standardisation standardisation = new Standardisation(kinds(in, name), kinds(in, name));
    LinearScore linear = score(in, name);
    float[] labels = line(in, name);
    LinearScore[] topics = new LinearScore[labels.length];
    for (int i = 0; i < topics.length; i++) {
      topics[i] = score(in, name);
    }
    float[] mean = line(in, name);
    float[][] axes = lines(in, mean.length, name);
    float[] pointLabels = line(in, name);
    int codesCount = count(in, name);
    byte[] codes = in.readNBytes(codesCount);
    require(linear.weights().length == Standardisation.WIDTH, name);
    for (LinearScore topic : topics) {
      require(topic.weights().length == mean.length + Standardisation.WIDTH, name);
    }
    require(pointLabels.length > 0 && codes.length == codesCount, name);
    require(codesCount == (long) pointLabels.length * axes.length, name);
    return new RouterModel(
        weak,
        strong,
        embedder,
        samples,
        threshold,
        new Blend(
            standardisation,
            new Topics(topics, labels),
            new Neighbours(new Projection(mean, axes), codes, pointLabels),
            linear,
            weights),
        scale);
  }

  private static void write(DataOutputStream out, float[] line) throws IOException {
    out.writeInt(line.length);
    for (float value : line) {
      out.writeFloat(value);
    }
  }

  private static void write(DataOutputStream out, float[][] lines) throws IOException {
    out.writeInt(lines.length);
    for (float[] line : lines) {
      write(out, line);
    }
  }

  private static void write(DataOutputStream out, LinearScore score) throws IOException {
    write(out, score.weights());
    out.writeFloat(score.bias());
  }

  private static float[] line(DataInputStream in, String name) throws IOException {
    int count = count(in, name);
    // Read before there is an array for it: so much memory as there are bytes.
    ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(count * Float.BYTES));
    require(bytes.remaining() == count * Float.BYTES, name);
    float[] line = new float[count];
    for (int i = 0; i < count; i++) {
      line[i] = number(bytes.getFloat(), name);
    }
    return line;
  }

  /** {@return a number for each kind and feature} */
  private static float[][] kinds(DataInputStream in, String name) throws IOException {
    float[][] kinds = lines(in, Feature.COUNT, name);
    require(kinds.length == Kind.COUNT, name);
    return kinds;
  }

  /** {@return lines of so many numbers each} */
  private static float[][] lines(DataInputStream in, int width, String name) throws IOException {
    int count = in.readInt();
    require(count >= 0 && count <= LINES_MAX, name);
    float[][] lines = new float[count][];
    for (int i = 0; i < count; i++) {
      lines[i] = line(in, name);
      require(lines[i].length == width, name);
    }
    return lines;
  }

  private static float number(DataInputStream in, String name) throws IOException {
    return number(in.readFloat(), name);
  }

  private static float number(float value, String name) {
    require(Math.abs(value) <= NUMBER_MAX, name);
    return value;
  }

  private static double number(double value, String name) {
    require(Math.abs(value) <= SCALE_MAX, name);
    return value;
  }

  private static LinearScore score(DataInputStream in, String name) throws IOException {
    return new LinearScore(line(in, name), in.readFloat());
  }

  private static int count(DataInputStream in, String name) throws IOException {
    int count = in.readInt();
    require(count >= 0 && count <= COUNT_MAX, name);
    return count;
  }

  private static void require(boolean condition, String name) {
    if (!condition) {
      throw new ChatException.InvalidSetting(name + " is damaged");
    }
  }

  private static ChatException.InvalidSetting notOne(String name) {
    return new ChatException.InvalidSetting(name + " is no router model");
  }
}
