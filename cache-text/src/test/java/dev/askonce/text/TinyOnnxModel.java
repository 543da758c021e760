package dev.askonce.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes an ONNX file of one operation: the logits of a token are the row of its id in a table.
 * Fields by their numbers in onnx.proto.
 */
final class TinyOnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private static final OnnxMessage TEXTS = OnnxMessage.dimension("texts");
  private static final OnnxMessage TOKENS = OnnxMessage.dimension("tokens");

  private TinyOnnxModel() {}

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
    OnnxMessage table =
        new OnnxMessage()
            .number(1, logitsOfId.length)
            .number(1, classes)
            .number(2, FLOAT)
            .text(8, "table")
            .bytes(9, raw.array());
    OnnxMessage node =
        new OnnxMessage().text(1, "table").text(1, "input_ids").text(2, "logits").text(4, "Gather");
    OnnxMessage graph = new OnnxMessage().message(1, node).text(2, "tiny").message(5, table);
    for (String input : inputs) {
      graph.message(11, OnnxMessage.value(input, INT64, TEXTS, TOKENS));
    }
    graph.message(
        12, OnnxMessage.value("logits", FLOAT, TEXTS, TOKENS, OnnxMessage.dimension(classes)));
    return new OnnxMessage()
        .number(1, 8)
        .message(7, graph)
        .message(8, new OnnxMessage().text(1, "").number(2, 13))
        .toBytes();
  }
}
