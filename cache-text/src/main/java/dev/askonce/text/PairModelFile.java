package dev.askonce.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A {@link PairModel} in bytes. Numbers are big-endian.
 *
 * <pre>
 *  0        8          12        16
 *  ┌────────┬──────────┬─────────┬──────────────────────────────┐
 *  │ magic  │ CRC32C   │ length  │ body, deflated               │
 *  │ (with  │ of all   │ of the  │ SHA-256s, tokens, head,      │
 *  │ version)│ behind it│ body    │ calibration, changes by name │
 *  └────────┴──────────┴─────────┴──────────────────────────────┘
 * </pre>
 *
 * <p>Weights are kept as steps from those of the embedder, in units of its own 8-bit scale. Most
 * steps are small, so they deflate to about a third, and the patched model holds to the bit what
 * was measured after training.
 */
final class PairModelFile {
  private static final byte[] MAGIC = {'A', 'S', 'K', 'P', 'A', 'I', 'R', 1};
  private static final int HEADER_BYTES = 16;
  private static final int BODY_BYTES_MAX = 64 << 20;
  private static final int STEPS = 0;
  private static final int VALUES = 1;

  private PairModelFile() {}

  static byte[] write(PairModel model) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(body)) {
      writeBody(model, out);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail", e);
    }
    byte[] packed = deflated(body.toByteArray());
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + packed.length);
    file.put(MAGIC).putInt(0).putInt(body.size()).put(packed);
    file.putInt(MAGIC.length, checksum(file.array()));
    return file.array();
  }

  /**
   * @throws ModelException if the bytes are not a pair model of this version, or damaged
   */
  static PairModel read(byte[] file) {
    if (file.length < HEADER_BYTES
        || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new ModelException("not a pair model of version " + MAGIC[MAGIC.length - 1]);
    }
    ByteBuffer header = ByteBuffer.wrap(file).position(MAGIC.length);
    int checksum = header.getInt();
    int length = header.getInt();
    if (checksum != checksum(file)) {
      throw new ModelException(
          "the pair model is damaged: checksum %08x, should be %08x"
              .formatted(checksum(file), checksum));
    }
    if (length < 0 || length > BODY_BYTES_MAX) {
      throw new ModelException("a pair model of " + length + " bytes");
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(inflated(file, length)))) {
      return readBody(in);
    } catch (IOException | DataFormatException | IllegalArgumentException e) {
      throw new ModelException("the pair model is damaged", e);
    }
  }

  private static void writeBody(PairModel model, DataOutputStream out) throws IOException {
    out.writeUTF(model.modelSha256());
    out.writeUTF(model.tokenizerSha256());
    out.writeShort(model.tokensMax());
    writeFloats(out, model.head().first());
    writeFloats(out, model.head().product());
    writeFloats(out, model.head().distance());
    out.writeFloat(model.head().bias());
    PairCalibration calibration = model.calibration();
    out.writeDouble(calibration.intercept());
    out.writeDouble(calibration.logOddsFactor());
    out.writeDouble(calibration.cosineFactor());
    writeDoubles(out, calibration.wrongShares());
    writeDoubles(out, calibration.leastProbabilities());
    out.writeShort(model.changes().size());
    for (PairModel.Change change : model.changes()) {
      out.writeUTF(change.tensor());
      if (change.steps() != null) {
        out.writeByte(STEPS);
        out.writeInt(change.steps().length);
        out.write(change.steps());
      } else {
        out.writeByte(VALUES);
        writeFloats(out, change.values());
      }
    }
  }

  private static PairModel readBody(DataInputStream in) throws IOException {
    String modelSha256 = in.readUTF();
    String tokenizerSha256 = in.readUTF();
    int tokensMax = in.readUnsignedShort();
    if (tokensMax < 5 || tokensMax > SentenceModel.TOKENS_LIMIT) {
      throw new IllegalArgumentException(tokensMax + " tokens");
    }
    PairHead head = new PairHead(readFloats(in), readFloats(in), readFloats(in), in.readFloat());
    PairCalibration calibration =
        new PairCalibration(
            in.readDouble(), in.readDouble(), in.readDouble(), readDoubles(in), readDoubles(in));
    int count = in.readUnsignedShort();
    List<PairModel.Change> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String tensor = in.readUTF();
      changes.add(
          in.readByte() == STEPS
              ? new PairModel.Change(tensor, in.readNBytes(length(in, 1)), null)
              : new PairModel.Change(tensor, null, readFloats(in)));
    }
    return new PairModel(modelSha256, tokenizerSha256, tokensMax, head, calibration, changes);
  }

  private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  private static float[] readFloats(DataInputStream in) throws IOException {
    float[] values = new float[length(in, Float.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }

  private static void writeDoubles(DataOutputStream out, double[] values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private static double[] readDoubles(DataInputStream in) throws IOException {
    double[] values = new double[length(in, Double.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  /** {@return a count of values that the rest has room for} */
  private static int length(DataInputStream in, int bytesOfEach) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available() / bytesOfEach) {
      throw new IllegalArgumentException(length + " values run over the end");
    }
    return length;
  }

  private static byte[] deflated(byte[] body) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setInput(body);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static byte[] inflated(byte[] file, int length) throws DataFormatException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file, HEADER_BYTES, file.length - HEADER_BYTES);
      byte[] body = new byte[length];
      if (inflater.inflate(body) != length) {
        throw new IllegalArgumentException("the body has not " + length + " bytes");
      }
      return body;
    } finally {
      inflater.end();
    }
  }

  private static int checksum(byte[] file) {
    CRC32C crc = new CRC32C();
    int from = MAGIC.length + Integer.BYTES;
    crc.update(file, from, file.length - from);
    return (int) crc.getValue();
  }
}
