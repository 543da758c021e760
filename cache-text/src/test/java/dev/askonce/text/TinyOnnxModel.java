package dev.askonce.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes an ONNX file of one operation: the logits of a token are the row of its id in a table.
 * Fields by their numbers in onnx.proto.
 */
final class TinyOnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** {@return a model with these logits by token id, which reads inputs of these names} */
  static byte[] tokenClassifier(float[][] logitsOfId, String... inputs) {
    int classes = logitsOfId[0].length;
    ByteBuffer raw =
        ByteBuffer.allocate(logitsOfId.length * classes * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : logitsOfId) {
      for (float logit : row) {
        raw.putFloat(logit);
      }
    }
    TinyOnnxModel table =
        new TinyOnnxModel()
            .number(1, logitsOfId.length)
            .number(1, classes)
            .number(2, FLOAT)
            .text(8, "table")
            .bytes(9, raw.array());
    TinyOnnxModel node =
        new TinyOnnxModel()
            .text(1, "table")
            .text(1, "input_ids")
            .text(2, "logits")
            .text(4, "Gather");
    TinyOnnxModel graph = new TinyOnnxModel().message(1, node).text(2, "tiny").message(5, table);
    for (String input : inputs) {
      graph.message(11, value(input, INT64, dimension("texts"), dimension("tokens")));
    }
    graph.message(
        12,
        value(
            "logits",
            FLOAT,
            dimension("texts"),
            dimension("tokens"),
            new TinyOnnxModel().number(1, classes)));
    return new TinyOnnxModel()
        .number(1, 8)
        .message(7, graph)
        .message(8, new TinyOnnxModel().text(1, "").number(2, 13))
        .out
        .toByteArray();
  }

  private static TinyOnnxModel dimension(String name) {
    return new TinyOnnxModel().text(2, name);
  }

  private static TinyOnnxModel value(String name, int type, TinyOnnxModel... dimensions) {
    TinyOnnxModel shape = new TinyOnnxModel();
    for (TinyOnnxModel dimension : dimensions) {
      shape.message(1, dimension);
    }
    TinyOnnxModel tensor = new TinyOnnxModel().number(1, type).message(2, shape);
    return new TinyOnnxModel().text(1, name).message(2, new TinyOnnxModel().message(1, tensor));
  }

  private TinyOnnxModel number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  private TinyOnnxModel text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private TinyOnnxModel message(int field, TinyOnnxModel content) {
    return bytes(field, content.out.toByteArray());
  }

  private TinyOnnxModel bytes(int field, byte[] content) {
    varint((long) field << 3 | 2);
    varint(content.length);
    out.writeBytes(content);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while (rest > 0x7F) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
