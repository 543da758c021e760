package dev.askonce.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.askonce.text.PairTrainingBase;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The embedder's transformer over pairs, in floats and with gradients: BERT's layers (Devlin et al.
 * 2019), and one number out of the state of {@code [CLS]}, the log odds that one answer serves
 * both.
 *
 * <p>Threading: confined to one thread; PyTorch uses its own inside.
 */
final class PairNetwork implements AutoCloseable {
  /** Name of the factors of the state of {@code [CLS]}. */
  static final String HEAD_FIRST = "head.first";

  /** Name of the factors of the products of both texts' means. */
  static final String HEAD_PRODUCT = "head.product";

  /** Name of the factors of the distances of both texts' means. */
  static final String HEAD_DISTANCE = "head.distance";

  /** Name of the one number that is added to it. */
  static final String HEAD_BIAS = "head.bias";

  private static final String LAYER = "encoder.layer.";
  private static final int DIMENSION = PairTrainingBase.DIMENSION;
  private static final int HEADS = PairTrainingBase.HEADS;
  private static final int HEAD_DIMENSION = DIMENSION / HEADS;
  private static final double RATE_FACTOR_OF_LAYER = 0.85;
  private static final float NORM_EPSILON = 1e-12f;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final Map<String, NDArray> weights = new TreeMap<>();
  private final Map<String, NDArray> trained = new TreeMap<>();
  private final int layersFrozen;
  private final NDArray words;
  private final float[] positions;
  private final float dropout;
  private boolean training;

  /**
   * @param layersTrained how many layers are trained, counted from the top, 1 to 6; below 6, the
   *     embeddings stay too
   * @param dropout the share of a state that is left out while training, 0 to 1
   */
  PairNetwork(PairTrainingBase base, int layersTrained, float dropout, long seed) {
    layersFrozen = PairTrainingBase.LAYERS - layersTrained;
    this.dropout = dropout;
    manager.getEngine().setRandomSeed((int) seed);
    float[] embeddings = base.wordEmbeddings();
    words = manager.create(embeddings, new Shape(embeddings.length / DIMENSION, DIMENSION));
    positions = base.positionEmbeddings();
    base.weights().forEach(this::addWeight);
    float[] products = new float[DIMENSION];
    Arrays.fill(products, 1);
    addWeight(HEAD_FIRST, new float[DIMENSION]);
    addWeight(HEAD_PRODUCT, products);
    addWeight(HEAD_DISTANCE, new float[DIMENSION]);
    addWeight(HEAD_BIAS, new float[1]);
  }

  /** {@return what is trained, by name} */
  Map<String, NDArray> trained() {
    return trained;
  }

  /** Takes over trained weights, such as those of a checkpoint. */
  void load(Map<String, float[]> values) {
    values.forEach((name, value) -> weights.get(name).set(value));
  }

  /** Makes the head say what the cosine of the two means says by itself. */
  void startHead(double intercept, double cosineFactor) {
    float[] products = new float[DIMENSION];
    Arrays.fill(products, (float) cosineFactor);
    weights.get(HEAD_PRODUCT).set(products);
    weights.get(HEAD_BIAS).set(new float[] {(float) intercept});
  }

  NDManager manager() {
    return manager;
  }

  void training(boolean value) {
    training = value;
  }

  /**
   * {@return one number a row: the log odds of label 1}
   *
   * @param step owns the result and all between
   */
  NDArray logits(Batch batch, NDManager step) {
    NDArray states = embeddings(batch, step);
    NDArray bias =
        step.create(FloatBuffer.wrap(batch.bias()), new Shape(batch.rows(), 1, 1, batch.width()));
    for (int layer = 0; layer < PairTrainingBase.LAYERS; layer++) {
      states = layer(LAYER + layer + ".", states, bias, batch);
    }
    states = states.reshape(batch.rows(), batch.width(), DIMENSION);
    NDArray first = dropped(states.get(":, 0"));
    NDArray shares =
        step.create(FloatBuffer.wrap(batch.shares()), new Shape(batch.rows(), 2, batch.width()));
    NDArray means = unit(shares.matMul(states));
    NDArray one = means.get(":, 0");
    NDArray two = means.get(":, 1");
    return first
        .mul(weights.get(HEAD_FIRST))
        .add(one.mul(two).mul(weights.get(HEAD_PRODUCT)))
        .add(one.sub(two).abs().mul(weights.get(HEAD_DISTANCE)))
        .sum(new int[] {-1})
        .add(weights.get(HEAD_BIAS));
  }

  /** {@return the mean of the cross entropy of a batch, in nats} */
  NDArray loss(Batch batch, NDManager step) {
    NDArray logits = logits(batch, step);
    NDArray labels = step.create(batch.labels());
    NDArray softPlus = logits.abs().neg().exp().add(1).log().add(logits.maximum(0));
    return softPlus.sub(logits.mul(labels)).mean();
  }

  private NDArray embeddings(Batch batch, NDManager step) {
    long count = (long) batch.rows() * batch.width();
    NDArray ids = step.create(LongBuffer.wrap(batch.ids()), new Shape(count), DataType.INT64);
    NDArray types = step.create(LongBuffer.wrap(batch.types()), new Shape(count), DataType.INT64);
    NDArray places =
        step.create(
            FloatBuffer.wrap(positions, 0, batch.width() * DIMENSION).slice(),
            new Shape(1, batch.width(), DIMENSION));
    NDArray sum =
        rows(ids, words)
            .add(rows(types, weights.get("embeddings.token_type_embeddings.weight")))
            .reshape(batch.rows(), batch.width(), DIMENSION)
            .add(places)
            .reshape(count, DIMENSION);
    return dropped(normed("embeddings.LayerNorm", sum));
  }

  private static NDArray unit(NDArray vectors) {
    return vectors.div(vectors.square().sum(new int[] {-1}, true).sqrt());
  }

  private NDArray layer(String name, NDArray states, NDArray bias, Batch batch) {
    NDArray queries = heads(dense(name + "attention.self.query", states), batch);
    NDArray keys = heads(dense(name + "attention.self.key", states), batch);
    NDArray values = heads(dense(name + "attention.self.value", states), batch);
    NDArray attention =
        queries
            .mul(1 / (float) Math.sqrt(HEAD_DIMENSION))
            .matMul(keys.transpose(0, 1, 3, 2))
            .add(bias)
            .softmax(-1);
    NDArray context =
        attention
            .matMul(values)
            .transpose(0, 2, 1, 3)
            .reshape((long) batch.rows() * batch.width(), DIMENSION);
    NDArray attended = dropped(dense(name + "attention.output.dense", context)).add(states);
    attended = normed(name + "attention.output.LayerNorm", attended);
    NDArray inner = dense(name + "intermediate.dense", attended).getNDArrayInternal().gelu();
    NDArray out = dropped(dense(name + "output.dense", inner)).add(attended);
    return normed(name + "output.LayerNorm", out);
  }

  private static NDArray heads(NDArray states, Batch batch) {
    return states.reshape(batch.rows(), batch.width(), HEADS, HEAD_DIMENSION).transpose(0, 2, 1, 3);
  }

  private NDArray dense(String name, NDArray input) {
    return input.matMul(weights.get(name + ".weight")).add(weights.get(name + ".bias"));
  }

  private NDArray normed(String name, NDArray input) {
    NDArray weight = weights.get(name + ".weight");
    NDArray bias = weights.get(name + ".bias");
    return input
        .getNDArrayInternal()
        .layerNorm(input, new Shape(DIMENSION), weight, bias, NORM_EPSILON)
        .singletonOrThrow();
  }

  private NDArray dropped(NDArray input) {
    return training && dropout > 0
        ? input.getNDArrayInternal().dropout(input, dropout, true).singletonOrThrow()
        : input;
  }

  private static NDArray rows(NDArray ids, NDArray table) {
    NDList found = ids.getNDArrayInternal().embedding(ids, table, SparseFormat.DENSE);
    return found.singletonOrThrow();
  }

  private void addWeight(String name, float[] values) {
    NDArray weight = manager.create(values, shape(name, values.length));
    weights.put(name, weight);
    if (isTrained(name)) {
      weight.setRequiresGradient(true);
      trained.put(name, weight);
    }
  }

  /** {@return what share of the learning rate a weight has: lower layers know more of language} */
  static double rateFactor(String name) {
    return Math.pow(RATE_FACTOR_OF_LAYER, PairTrainingBase.LAYERS - 1 - layer(name));
  }

  /** {@return the layer that a weight belongs to; that of embeddings is -1} */
  private static int layer(String name) {
    return name.startsWith(LAYER)
        ? Integer.parseInt(name.substring(LAYER.length(), name.indexOf('.', LAYER.length())))
        : -1;
  }

  private boolean isTrained(String name) {
    return name.startsWith("head") || layersFrozen == 0 || layer(name) >= layersFrozen;
  }

  /** Matrices have the shape (inputs, outputs); one side of each is a state. */
  private static Shape shape(String name, int count) {
    boolean matrix = name.endsWith(".weight") && !name.contains("LayerNorm");
    if (!matrix) {
      return new Shape(count);
    }
    int other = count / DIMENSION;
    boolean toState = name.endsWith(".output.dense.weight");
    return toState || name.startsWith("embeddings")
        ? new Shape(other, DIMENSION)
        : new Shape(DIMENSION, other);
  }

  @Override
  public void close() {
    manager.close();
  }
}
