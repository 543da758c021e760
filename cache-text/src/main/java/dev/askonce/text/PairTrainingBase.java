package dev.askonce.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The transformer inside {@link MiniLmEmbedder} as a trainer of pair models sees it: its tokens,
 * its weights as floats, and the way back into a file that {@link CrossEncoder} opens. For training
 * only; serving never makes floats of the weights.
 *
 * <p>Weights go by the names that BERT's own implementation gives them, such as {@code
 * encoder.layer.0.attention.self.query.weight}; matrices have the shape (inputs, outputs).
 *
 * <p>Threading: confined to one thread.
 */
public final class PairTrainingBase {
  /** Components of a token's state. */
  public static final int DIMENSION = SentenceModel.DIMENSION;

  /** Transformer layers. */
  public static final int LAYERS = 6;

  /** Attention heads of a layer. */
  public static final int HEADS = 12;

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";
  private static final String QUANTISED = "_quantized";
  private static final List<String> DENSE =
      List.of(
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "intermediate.dense",
          "output.dense");
  private static final List<String> NORMS =
      List.of("attention.output.LayerNorm", "output.LayerNorm");

  private final ModelFiles files;
  private final int tokensMax;
  private final WordPieceTokenizer tokenizer;
  private final TokenBuffer tokens;
  private final OnnxFile file;
  private final Map<String, OnnxFile.Tensor> trainable = new LinkedHashMap<>();

  private PairTrainingBase(ModelFiles files, int tokensMax) {
    this.files = files;
    this.tokensMax = tokensMax;
    tokenizer = TokenizerFile.read(files.tokenizer());
    tokens = new TokenBuffer(tokensMax);
    file = new OnnxFile(files.model());
    trainable.put("embeddings.token_type_embeddings.weight", embedding("token_type_embeddings"));
    addNorm("embeddings.LayerNorm");
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "encoder.layer." + layer + ".";
      for (String dense : DENSE) {
        trainable.put(prefix + dense + WEIGHT, file.productWeights(prefix + dense));
        trainable.put(prefix + dense + BIAS, file.tensor(prefix + dense + BIAS));
      }
      NORMS.forEach(norm -> addNorm(prefix + norm));
    }
  }

  /**
   * Reads the model from the class path.
   *
   * @param tokensMax tokens of a pair that are read, with the three that frame its texts; from 5 to
   *     512
   * @throws ModelException if the artifact with the model is missing or is not the kind it was
   */
  public static PairTrainingBase load(int tokensMax) {
    if (tokensMax < 5 || tokensMax > SentenceModel.TOKENS_LIMIT) {
      throw new IllegalArgumentException("tokensMax " + tokensMax + " not in 5..512");
    }
    return new PairTrainingBase(
        ModelFiles.load(SentenceModel.MINI_LM, PairTrainingBase.class.getClassLoader()), tokensMax);
  }

  /** {@return the tokens of a pair} */
  public PairTokens tokens(String first, String second) {
    tokenizer.encodePair(first, second, tokens);
    int[] ids = new int[tokens.count()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) tokens.ids()[i];
    }
    boolean complete = !tokens.truncated() && !tokens.hasUnread();
    return new PairTokens(ids, tokens.secondStart(), complete);
  }

  /**
   * {@return the weights that a pair model may change, by name: all but those of words and places}
   */
  public Map<String, float[]> weights() {
    Map<String, float[]> weights = new LinkedHashMap<>();
    trainable.forEach((name, tensor) -> weights.put(name, floats(tensor)));
    return weights;
  }

  /** {@return the states that words begin with, one row of {@link #DIMENSION} a token id} */
  public float[] wordEmbeddings() {
    return floats(embedding("word_embeddings"));
  }

  /** {@return what is added to the word at each place, one row of {@link #DIMENSION} a place} */
  public float[] positionEmbeddings() {
    return floats(embedding("position_embeddings"));
  }

  /**
   * {@return the file of a pair model} Matrices are rounded to the embedder's own 8-bit grid, and
   * held at its ends.
   *
   * @param weights the names of {@link #weights()} with trained values; what is absent stays
   */
  public byte[] pairModel(
      Map<String, float[]> weights, PairHead head, PairCalibration calibration) {
    List<PairModel.Change> changes = new ArrayList<>();
    trainable.forEach(
        (name, tensor) -> {
          if (weights.containsKey(name)) {
            changes.add(change(tensor, weights.get(name)));
          }
        });
    return PairModelFile.write(
        new PairModel(
            ModelFiles.sha256(files.model()),
            ModelFiles.sha256(files.tokenizer()),
            tokensMax,
            head,
            calibration,
            changes));
  }

  private PairModel.Change change(OnnxFile.Tensor tensor, float[] trained) {
    if (tensor.type() == OnnxFile.Type.FLOAT) {
      return new PairModel.Change(tensor.name(), null, trained);
    }
    float[] scale = parameter(tensor, "_scale");
    float[] zero = parameter(tensor, "_zero_point");
    float[] old = file.values(tensor);
    boolean signed = tensor.type() == OnnxFile.Type.INT8;
    byte[] steps = new byte[old.length];
    for (int i = 0; i < old.length; i++) {
      int column = i % scale.length;
      int nearest = Math.round(trained[i] / scale[column] + zero[column]);
      int held = signed ? Math.clamp(nearest, -127, 127) : Math.clamp(nearest, 0, 255);
      steps[i] = (byte) (held - (int) old[i]);
    }
    return new PairModel.Change(tensor.name(), steps, null);
  }

  private void addNorm(String name) {
    trainable.put(name + WEIGHT, file.tensor(name + WEIGHT));
    trainable.put(name + BIAS, file.tensor(name + BIAS));
  }

  private OnnxFile.Tensor embedding(String name) {
    return file.tensor("embeddings." + name + WEIGHT + QUANTISED);
  }

  private float[] floats(OnnxFile.Tensor tensor) {
    float[] values = file.values(tensor);
    if (tensor.type() != OnnxFile.Type.FLOAT) {
      float[] scale = parameter(tensor, "_scale");
      float[] zero = parameter(tensor, "_zero_point");
      for (int i = 0; i < values.length; i++) {
        int column = i % scale.length;
        values[i] = (values[i] - zero[column]) * scale[column];
      }
    }
    return values;
  }

  /** One value for the whole tensor, or one for each column. */
  private float[] parameter(OnnxFile.Tensor tensor, String suffix) {
    String name = tensor.name();
    return file.values(file.tensor(name.substring(0, name.length() - QUANTISED.length()) + suffix));
  }
}
