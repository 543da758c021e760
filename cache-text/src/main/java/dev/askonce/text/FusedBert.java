package dev.askonce.text;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a BERT written anew with the operators that ONNX Runtime has for transformers: the
 * same weights and (to the bit, where it was measured) the same states, from less than a third of
 * the operations.
 */
final class FusedBert {
  /* A layer as ONNX Runtime's optimiser leaves it, 29 operations, and as it is written here, 8:
   *
   *                in                                       in ──────────────┐
   *     ┌──────────┼──────────┐                             │                │
   *   query       key       value                 DynamicQuantizeLinear      │
   *   bias        bias      bias                            │                │
   *   reshape     reshape   reshape                     QAttention           │
   *   transpose   transpose transpose       (one product of 384 × 1,152      │
   *     └─ product ┘          │              for query, key and value)       │
   *        mask, softmax      │                             │                │
   *            └── product ───┘                   DynamicQuantizeMatMul      │
   *                   │                               (and its bias)         │
   *          transpose, reshape                             │                │
   *              dense, bias                      SkipLayerNormalization ◀───┘
   *               + in, norm                                ├────────────────┐
   *                   ├───────────┐               DynamicQuantizeMatMul      │
   *                 dense         │                         │                │
   *               bias, Gelu      │                     BiasGelu             │
   *              dense, bias      │                         │                │
   *                   + ◀─────────┘               DynamicQuantizeMatMul      │
   *                 norm                              (and its bias)         │
   *                                                         │                │
   *                                               SkipLayerNormalization ◀───┘
   *
   * All floats are added in the order of the original: a dense layer's bias goes with the product
   * and not to the norm, which could take it too, and attention is QAttention and not the newer
   * MultiHeadAttention. Activations are quantised on the fly with one scale a tensor; a last bit
   * that differs moves one of them to the next step here and there, and six layers make of that a
   * cosine of 0.9994 in the mean and of 0.993 at worst (108 rows of random words).
   *
   * The mask is gone, since rows are never padded. The tokens' places are an input, which saves
   * asking how many there are.
   *
   * What this takes for granted (names, epsilon, heads, what is connected to what, zero points of
   * the weights at zero) is in the structure of the file, and another structure is left alone.
   */
  private static final Map<String, Integer> LAYERS_OF_STRUCTURE =
      Map.of(
          "f4325774244271d5b7923a8d550a86c4a867662eed246cb7d8323c01c4edc6d8", 6,
          "cd7540d0cabc01b21164589a3fa733b90d162f2d3767aa7ee8a7e10d406451a5", 12);

  private static final Logger LOG = LoggerFactory.getLogger(FusedBert.class);

  private static final int DIMENSION = SentenceModel.DIMENSION;
  private static final int HEADS = 12;
  private static final float EPSILON = 1e-12f;

  private static final String MICROSOFT = "com.microsoft";
  private static final String NONE = "";
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;

  private final OnnxFile file;
  private final OnnxMessage graph = new OnnxMessage();
  private final Set<String> kept = new HashSet<>();

  private FusedBert(OnnxFile file) {
    this.file = file;
  }

  /**
   * {@return the model written anew, which reads places instead of a mask; or as it is, where its
   * structure is unknown}
   */
  static byte[] of(byte[] model) {
    OnnxFile file = new OnnxFile(model);
    Integer layers = LAYERS_OF_STRUCTURE.get(file.structure());
    if (layers == null) {
      LOG.warn("the model's structure {} is unknown: it runs as it is, slower", file.structure());
      return model;
    }
    return new FusedBert(file).written(layers);
  }

  private byte[] written(int layers) {
    String states = embeddings();
    for (int layer = 0; layer < layers; layer++) {
      String out = layer == layers - 1 ? OnnxRun.STATES : "states." + layer;
      states = layer("encoder.layer." + layer + ".", states, out);
    }
    graph.text(2, "fused");
    OnnxMessage texts = OnnxMessage.dimension("texts");
    OnnxMessage tokens = OnnxMessage.dimension("tokens");
    for (String input : List.of(OnnxRun.IDS, OnnxRun.TYPES, OnnxRun.PLACES)) {
      graph.message(11, OnnxMessage.value(input, INT64, texts, tokens));
    }
    int type = OnnxFile.Type.FLOAT.code();
    OnnxMessage components = OnnxMessage.dimension(DIMENSION);
    graph.message(12, OnnxMessage.value(OnnxRun.STATES, type, texts, tokens, components));
    return new OnnxMessage()
        .number(1, 6)
        .message(7, graph)
        .message(8, new OnnxMessage().text(1, "").number(2, 11))
        .message(8, new OnnxMessage().text(1, MICROSOFT).number(2, 1))
        .toBytes();
  }

  private String embeddings() {
    String words = embedding("word_embeddings", OnnxRun.IDS);
    String types = embedding("token_type_embeddings", OnnxRun.TYPES);
    String places = embedding("position_embeddings", OnnxRun.PLACES);
    String sum = add(operation("Add", words, types), "sum");
    return norm("embeddings", sum, places, "embeddings");
  }

  private String embedding(String name, String ids) {
    String weight = "embeddings." + name + ".weight";
    String rows = add(operation("Gather", keep(weight + "_quantized"), ids), name + ".rows");
    String scale = keep(weight + "_scale");
    return add(operation("DequantizeLinear", rows, scale, keep(weight + "_zero_point")), name);
  }

  private String layer(String layer, String in, String out) {
    String heads = attention(layer + "attention.self.", in);
    String dense = layer + "attention.output.dense";
    String attended = product(dense, heads, keep(dense + ".bias"));
    String middle = norm(layer + "attention.output", attended, in, layer + "middle");
    String wide = layer + "intermediate.dense";
    String product = product(wide, middle, NONE);
    String active = add(microsoft("BiasGelu", product, keep(wide + ".bias")), layer + "active");
    String narrow = layer + "output.dense";
    String last = product(narrow, active, keep(narrow + ".bias"));
    return norm(layer + "output", last, middle, out);
  }

  private String attention(String layer, String in) {
    List<String> parts = List.of(layer + "query", layer + "key", layer + "value");
    List<OnnxFile.Tensor> products = parts.stream().map(file::productWeights).toList();
    String weights = join(layer + "weights", OnnxFile.Type.INT8, products, DIMENSION, DIMENSION);
    String scales =
        join(
            layer + "scales",
            OnnxFile.Type.FLOAT,
            products.stream().map(product -> file.tensor(scale(product))).toList(),
            DIMENSION);
    String biases =
        join(
            layer + "biases",
            OnnxFile.Type.FLOAT,
            parts.stream().map(part -> file.tensor(part + ".bias")).toList(),
            DIMENSION);
    String steps = layer + "steps";
    String scale = layer + "step";
    String zero = layer + "zero";
    OnnxMessage quantised = operation("DynamicQuantizeLinear", in);
    graph.message(1, quantised.text(2, steps).text(2, scale).text(2, zero));
    OnnxMessage attention =
        microsoft("QAttention", steps, weights, biases, scale, scales, NONE, zero);
    OnnxMessage heads = new OnnxMessage().text(1, "num_heads").number(20, ATTRIBUTE_INT);
    return add(attention.message(5, heads.number(3, HEADS)), layer + "heads");
  }

  private String product(String layer, String in, String bias) {
    OnnxFile.Tensor weights = file.productWeights(layer);
    String scale = keep(scale(weights));
    return add(
        microsoft("DynamicQuantizeMatMul", in, keep(weights.name()), scale, NONE, bias), layer);
  }

  private String norm(String layer, String in, String skipped, String out) {
    String weight = keep(layer + ".LayerNorm.weight");
    String bias = keep(layer + ".LayerNorm.bias");
    OnnxMessage norm = microsoft("SkipLayerNormalization", in, skipped, weight, bias);
    OnnxMessage epsilon = new OnnxMessage().text(1, "epsilon").number(20, ATTRIBUTE_FLOAT);
    return add(norm.message(5, epsilon.fraction(2, EPSILON)), out);
  }

  private static OnnxMessage microsoft(String operator, String... inputs) {
    return operation(operator, inputs).text(7, MICROSOFT);
  }

  private static OnnxMessage operation(String operator, String... inputs) {
    OnnxMessage operation = new OnnxMessage().text(4, operator);
    for (String input : inputs) {
      operation.text(1, input);
    }
    return operation;
  }

  private String add(OnnxMessage operation, String output) {
    graph.message(1, operation.text(2, output));
    return output;
  }

  private static String scale(OnnxFile.Tensor weights) {
    return weights.name().replaceFirst("_quantized$", "_scale");
  }

  /** Takes over a tensor of the file. */
  private String keep(String name) {
    if (kept.add(name)) {
      OnnxFile.Tensor tensor = file.tensor(name);
      write(name, tensor.type(), file.raw(tensor), tensor.shape());
    }
    return name;
  }

  /** Writes tensors of the same shape as one, their columns side by side. */
  private String join(
      String name, OnnxFile.Type type, List<OnnxFile.Tensor> tensors, int... shape) {
    int[] joinedShape = shape.clone();
    joinedShape[shape.length - 1] *= tensors.size();
    List<ByteBuffer> parts = tensors.stream().map(file::raw).map(ByteBuffer::wrap).toList();
    ByteBuffer joined = ByteBuffer.allocate(parts.size() * parts.getFirst().capacity());
    byte[] row = new byte[shape[shape.length - 1] * type.bytes()];
    while (joined.hasRemaining()) {
      for (ByteBuffer part : parts) {
        part.get(row);
        joined.put(row);
      }
    }
    write(name, type, joined.array(), joinedShape);
    return name;
  }

  private void write(String name, OnnxFile.Type type, byte[] raw, int[] shape) {
    OnnxMessage tensor = new OnnxMessage();
    for (int size : shape) {
      tensor.number(1, size);
    }
    graph.message(5, tensor.number(2, type.code()).text(8, name).bytes(9, raw));
  }
}
