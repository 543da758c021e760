package dev.askonce.text;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Runs a token classifier over one row of tokens at a time: ids in, the probability of the second
 * class for each token out. Confined to one thread; the session may be shared.
 */
final class TokenClassification implements Inference<long[], float[]> {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final int CLASSES = 2;

  private final OrtSession session;

  TokenClassification(OrtSession session) {
    this.session = session;
  }

  /**
   * Refuses a model that reads or writes something else.
   *
   * @throws ModelException with what it reads or writes
   */
  static void requireFits(OrtSession session) {
    Set<String> inputs = session.getInputNames();
    if (!inputs.contains(IDS) || !Set.of(IDS, MASK, TYPES).containsAll(inputs)) {
      throw new ModelException(
          "the model reads " + inputs + "; a token classifier reads " + IDS + " and " + MASK);
    }
    try {
      NodeInfo output = session.getOutputInfo().values().iterator().next();
      long[] shape =
          output.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
      // -1 is a size that the file leaves open.
      if (shape.length != 3 || shape[2] != CLASSES && shape[2] != -1) {
        throw new ModelException(
            "the model writes "
                + Arrays.toString(shape)
                + "; a token classifier writes [texts, tokens, 2]");
      }
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime cannot say what the model writes", e);
    }
  }

  @Override
  public float[] run(long[] ids) throws OrtException {
    long[] shape = {1, ids.length};
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String name : session.getInputNames()) {
        long[] values =
            switch (name) {
              case IDS -> ids;
              case MASK -> mask;
              default -> new long[ids.length];
            };
        inputs.put(
            name,
            OnnxTensor.createTensor(
                OnnxRuntimeLibrary.environment(), LongBuffer.wrap(values), shape));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return probabilities(((OnnxTensor) result.get(0)).getFloatBuffer(), ids.length);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static float[] probabilities(FloatBuffer logits, int count) {
    if (logits.remaining() != count * CLASSES) {
      throw new ModelException(
          "the model gave "
              + logits.remaining()
              + " numbers for "
              + count
              + " tokens, not two each");
    }
    float[] probabilities = new float[count];
    for (int i = 0; i < count; i++) {
      double keepOverDrop = logits.get(CLASSES * i + 1) - logits.get(CLASSES * i);
      probabilities[i] = (float) (1 / (1 + Math.exp(-keepOverDrop)));
    }
    return probabilities;
  }

  @Override
  public void close() {}
}
