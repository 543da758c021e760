package dev.askonce.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One protobuf message of an ONNX file, written field by field; fields go by their numbers in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. {@link OnnxFile}
 * reads.
 */
final class OnnxMessage {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** {@return what a graph reads or writes} */
  static OnnxMessage value(String name, int type, OnnxMessage... dimensions) {
    OnnxMessage shape = new OnnxMessage();
    for (OnnxMessage dimension : dimensions) {
      shape.message(1, dimension);
    }
    OnnxMessage tensor = new OnnxMessage().number(1, type).message(2, shape);
    return new OnnxMessage().text(1, name).message(2, new OnnxMessage().message(1, tensor));
  }

  /** {@return a size that each run may choose} */
  static OnnxMessage dimension(String name) {
    return new OnnxMessage().text(2, name);
  }

  static OnnxMessage dimension(int size) {
    return new OnnxMessage().number(1, size);
  }

  OnnxMessage number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  OnnxMessage fraction(int field, float value) {
    varint((long) field << 3 | 5);
    int bits = Float.floatToIntBits(value);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(bits >>> shift);
    }
    return this;
  }

  OnnxMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxMessage message(int field, OnnxMessage content) {
    return bytes(field, content.toBytes());
  }

  OnnxMessage bytes(int field, byte[] content) {
    varint((long) field << 3 | 2);
    varint(content.length);
    out.writeBytes(content);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
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
