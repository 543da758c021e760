package dev.askonce.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One protobuf message of an ONNX file, written field by field; fields go by their numbers in <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. {@link OnnxFile}
 * reads.
 *
 * <p>Arrays are not copied before {@link #toBytes}, so that a file of large tensors is written
 * once.
 */
final class OnnxMessage {
  private static final int VARINT_MAX = 10;

  private final List<byte[]> parts = new ArrayList<>();
  private int length;

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
    return varint((long) field << 3).varint(value);
  }

  OnnxMessage fraction(int field, float value) {
    int bits = Float.floatToIntBits(value);
    byte[] raw = {(byte) bits, (byte) (bits >>> 8), (byte) (bits >>> 16), (byte) (bits >>> 24)};
    return varint((long) field << 3 | 5).add(raw);
  }

  OnnxMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxMessage bytes(int field, byte[] content) {
    return varint((long) field << 3 | 2).varint(content.length).add(content);
  }

  OnnxMessage message(int field, OnnxMessage content) {
    varint((long) field << 3 | 2).varint(content.length);
    content.parts.forEach(this::add);
    return this;
  }

  byte[] toBytes() {
    byte[] bytes = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, bytes, at, part.length);
      at += part.length;
    }
    return bytes;
  }

  private OnnxMessage add(byte[] part) {
    parts.add(part);
    length += part.length;
    return this;
  }

  private OnnxMessage varint(long value) {
    byte[] bytes = new byte[VARINT_MAX];
    int count = 0;
    long rest = value;
    while (rest > 0x7F) {
      bytes[count++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[count++] = (byte) rest;
    return add(Arrays.copyOf(bytes, count));
  }
}
