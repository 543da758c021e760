package dev.askonce.text;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The stored tensors of an ONNX file, found in its protobuf bytes: names, shapes, and where the
 * values lie, so that they can be read and written over. Knows the few fields that this takes (<a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>) and skips the rest.
 * Immutable.
 */
final class OnnxFile {
  /** Values of a tensor that are used here. */
  enum Type {
    FLOAT(1, Float.BYTES),
    UINT8(2, 1),
    INT8(3, 1);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    static Type of(long code) {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      return null;
    }

    /** {@return its number in onnx.proto} */
    int code() {
      return code;
    }

    /** {@return the size of a value} */
    int bytes() {
      return bytes;
    }
  }

  /**
   * A tensor of the file.
   *
   * @param type null where it is none of {@link Type}
   * @param count how many values it has
   * @param offset where its raw bytes begin, or -1 where its values are kept in another form
   * @param values the values where they are not raw, or null
   */
  record Tensor(String name, Type type, int[] shape, int count, int offset, float[] values) {}

  /** The second input of a matrix product: the weights, by the name of the product. */
  private static final int WEIGHTS_INPUT = 1;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, String> weightsOfProduct = new HashMap<>();
  private final String structure;

  /**
   * @throws ModelException if the bytes are no ONNX file
   */
  OnnxFile(byte[] bytes) {
    this.bytes = bytes;
    MessageDigest digest = ModelFiles.newSha256();
    try {
      ByteBuffer model = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (Field field = next(model); field != null; field = next(model)) {
        if (field.number == 7) {
          readGraph(field.content, digest);
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
      throw new ModelException("the model file is damaged", e);
    }
    if (tensors.isEmpty()) {
      throw new ModelException("the model file has no tensors");
    }
    structure = HexFormat.of().formatHex(digest.digest());
  }

  /**
   * {@return SHA-256 of all that is no weight, in lower-case hex: operations, what connects them,
   * constants, zero points}
   */
  String structure() {
    return structure;
  }

  /**
   * {@return the tensor of a name}
   *
   * @throws ModelException if there is none
   */
  Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelException("the model file has no tensor " + name);
    }
    return tensor;
  }

  /**
   * {@return the weights that a dense layer multiplies by, such as {@code
   * encoder.layer.0.output.dense}}
   */
  Tensor productWeights(String layer) {
    String name = weightsOfProduct.get(layer);
    if (name == null) {
      throw new ModelException("the model file has no matrix product " + layer);
    }
    return tensor(name);
  }

  /** {@return the values of a tensor as floats; 8-bit ones as the whole numbers they are} */
  float[] values(Tensor tensor) {
    if (tensor.offset < 0) {
      return tensor.values;
    }
    float[] values = new float[tensor.count];
    ByteBuffer raw = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type) {
            case FLOAT -> raw.getFloat(tensor.offset + i * Float.BYTES);
            case UINT8 -> raw.get(tensor.offset + i) & 0xFF;
            case INT8 -> raw.get(tensor.offset + i);
          };
    }
    return values;
  }

  /** {@return the bytes of a tensor's values, the least significant first} */
  byte[] raw(Tensor tensor) {
    int length = tensor.count * tensor.type.bytes;
    if (tensor.offset >= 0) {
      return Arrays.copyOfRange(bytes, tensor.offset, tensor.offset + length);
    }
    ByteBuffer raw = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : tensor.values) {
      if (tensor.type == Type.FLOAT) {
        raw.putFloat(value);
      } else {
        raw.put((byte) (int) value);
      }
    }
    return raw.array();
  }

  /**
   * Makes a change in a copy of the file.
   *
   * @throws ModelException if the tensor is not of the kind or the size that the change is for
   */
  void write(byte[] copy, Tensor tensor, PairModel.Change change) {
    boolean floats = change.values() != null;
    int count = floats ? change.values().length : change.steps().length;
    if (tensor.offset < 0 || tensor.count != count || (tensor.type == Type.FLOAT) != floats) {
      throw new ModelException("tensor " + tensor.name + " cannot take " + count + " changes");
    }
    ByteBuffer raw = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      if (floats) {
        raw.putFloat(tensor.offset + i * Float.BYTES, change.values()[i]);
      } else {
        copy[tensor.offset + i] += change.steps()[i];
      }
    }
  }

  private void readGraph(ByteBuffer graph, MessageDigest digest) {
    for (Field field = next(graph); field != null; field = next(graph)) {
      ByteBuffer whole = field.content == null ? null : field.content.duplicate();
      switch (field.number) {
        case 1 -> {
          readNode(field.content);
          digest.update(whole);
        }
        case 5 -> {
          Tensor tensor = readTensor(field.content);
          if (tensor.type == null || tensor.name.endsWith("_zero_point")) {
            digest.update(whole);
          }
        }
        default -> {}
      }
    }
  }

  private void readNode(ByteBuffer node) {
    List<String> inputs = new ArrayList<>();
    String output = "";
    String operator = "";
    for (Field field = next(node); field != null; field = next(node)) {
      switch (field.number) {
        case 1 -> inputs.add(text(field.content));
        case 2 -> output = text(field.content);
        case 4 -> operator = text(field.content);
        default -> {}
      }
    }
    int end = output.indexOf("/MatMul");
    if (operator.equals("MatMulInteger") && end > 0) {
      String layer = output.substring(1, end).replace('/', '.');
      weightsOfProduct.put(layer, inputs.get(WEIGHTS_INPUT));
    }
  }

  private Tensor readTensor(ByteBuffer content) {
    List<Integer> shape = new ArrayList<>();
    Type type = null;
    String name = "";
    int offset = -1;
    int rawLength = 0;
    List<Float> values = new ArrayList<>();
    for (Field field = next(content); field != null; field = next(content)) {
      switch (field.number) {
        case 1 -> field.eachVarint(v -> shape.add(Math.toIntExact(v)));
        case 2 -> type = Type.of(field.value);
        case 4 -> field.eachFloat(values);
        case 5 -> field.eachVarint(v -> values.add((float) v));
        case 8 -> name = text(field.content);
        case 9 -> {
          offset = field.content.position();
          rawLength = field.content.remaining();
        }
        default -> {}
      }
    }
    int count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, size);
    }
    boolean raw = rawLength > 0;
    if (type != null && (raw ? rawLength != count * type.bytes : values.size() != count)) {
      throw new ModelException(
          "tensor " + name + " of the model file has not " + count + " values");
    }
    float[] kept = new float[values.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = values.get(i);
    }
    int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
    Tensor tensor = new Tensor(name, type, sizes, count, raw ? offset : -1, kept);
    tensors.put(name, tensor);
    return tensor;
  }

  private static String text(ByteBuffer content) {
    return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
  }

  private interface VarintConsumer {
    void accept(long value);
  }

  /** One field of a message: a number, or the content between two offsets. */
  private record Field(int number, long value, ByteBuffer content) {
    /** Repeated numbers come one a field or packed into one. */
    void eachVarint(VarintConsumer consumer) {
      if (content == null) {
        consumer.accept(value);
        return;
      }
      while (content.hasRemaining()) {
        consumer.accept(varint(content));
      }
    }

    void eachFloat(List<Float> values) {
      while (content.hasRemaining()) {
        values.add(content.getFloat());
      }
    }
  }

  /** {@return the next field of a message, or null at its end} */
  private static Field next(ByteBuffer message) {
    if (!message.hasRemaining()) {
      return null;
    }
    long tag = varint(message);
    int number = (int) (tag >>> 3);
    return switch ((int) tag & 7) {
      case VARINT -> new Field(number, varint(message), null);
      case BYTES -> new Field(number, 0, slice(message, Math.toIntExact(varint(message))));
      case FIXED32 -> new Field(number, 0, slice(message, Integer.BYTES));
      case FIXED64 -> new Field(number, 0, slice(message, Long.BYTES));
      default -> throw new IllegalArgumentException("wire type of tag " + tag);
    };
  }

  /** A view whose positions are still those of the whole file. */
  private static ByteBuffer slice(ByteBuffer message, int length) {
    if (length < 0 || length > message.remaining()) {
      throw new IllegalArgumentException("a field of " + length + " bytes runs over its message");
    }
    int end = message.position() + length;
    ByteBuffer content = message.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(end);
    message.position(end);
    return content;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }
}
