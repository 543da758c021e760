package dev.askonce.text;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.askonce.engine.spi.Embedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/**
 * Runs a sentence model over one text at a time: token ids in, one state per token out, their mean
 * or the first, scaled to unit length. Confined to one thread; the session may be shared.
 */
final class OnnxEncoder implements TextEncoder {
  /* All texts share four off-heap buffers. A tensor is a view of a buffer with a shape, so for each
   * token count that occurs, its tensors are made once and kept; a run then copies nothing in or
   * out and leaves only its result object to the collector.
   *
   * Texts are never padded, so the attention mask is all ones and the mean over the mask is the
   * mean over all tokens.
   */
  private record Tensors(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final WordPieceTokenizer tokenizer;
  private final SentenceModel.Pooling pooling;
  private final TokenBuffer tokens;
  private final LongBuffer ids;
  private final LongBuffer mask;
  private final LongBuffer types;
  private final FloatBuffer states;
  private final float[] state = new float[SentenceModel.DIMENSION];
  private final Tensors[] tensorsOfCount;

  OnnxEncoder(
      OrtEnvironment environment,
      OrtSession session,
      WordPieceTokenizer tokenizer,
      SentenceModel.Pooling pooling,
      int tokensMax) {
    this.environment = environment;
    this.session = session;
    this.tokenizer = tokenizer;
    this.pooling = pooling;
    tokens = new TokenBuffer(tokensMax);
    ids = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    mask = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    types = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    states = offHeap(tokensMax * SentenceModel.DIMENSION * Float.BYTES).asFloatBuffer();
    tensorsOfCount = new Tensors[tokensMax + 1];
    for (int i = 0; i < tokensMax; i++) {
      mask.put(i, 1);
    }
  }

  @Override
  public Embedding encode(String text) throws OrtException {
    tokenizer.encode(text, tokens);
    int count = tokens.count();
    ids.put(0, tokens.ids(), 0, count);
    Tensors tensors = tensors(count);
    session.run(tensors.inputs, tensors.outputs).close();
    return new Embedding(pooled(count), tokens.truncated() || tokens.hasUnread());
  }

  @Override
  public void close() {
    for (Tensors tensors : tensorsOfCount) {
      if (tensors != null) {
        tensors.inputs.values().forEach(OnnxTensor::close);
        tensors.outputs.values().forEach(OnnxTensor::close);
      }
    }
  }

  private Tensors tensors(int count) throws OrtException {
    Tensors tensors = tensorsOfCount[count];
    if (tensors == null) {
      long[] shape = {1, count};
      long[] stateShape = {1, count, state.length};
      tensors =
          new Tensors(
              Map.of(
                  "input_ids", OnnxTensor.createTensor(environment, ids.slice(0, count), shape),
                  "attention_mask",
                      OnnxTensor.createTensor(environment, mask.slice(0, count), shape),
                  "token_type_ids",
                      OnnxTensor.createTensor(environment, types.slice(0, count), shape)),
              Map.of(
                  "last_hidden_state",
                  OnnxTensor.createTensor(
                      environment, states.slice(0, count * state.length), stateShape)));
      tensorsOfCount[count] = tensors;
    }
    return tensors;
  }

  /** {@return the unit vector of a text of {@code count} tokens} */
  private float[] pooled(int count) {
    float[] sum = new float[state.length];
    int pooledCount = pooling == SentenceModel.Pooling.MEAN ? count : 1;
    for (int token = 0; token < pooledCount; token++) {
      states.get(token * state.length, state);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += state[i];
      }
    }
    double squares = 0;
    for (float component : sum) {
      squares += (double) component * component;
    }
    double norm = Math.sqrt(squares);
    if (!(norm > 0 && norm < Float.MAX_VALUE)) {
      throw new ModelException("the model gave a vector of length " + norm);
    }
    // The sum and the mean have one direction, so the division by the count is left out.
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) (sum[i] / norm);
    }
    return sum;
  }

  private static ByteBuffer offHeap(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
