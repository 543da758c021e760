package dev.askonce.text;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/**
 * Runs a BERT over one row of tokens at a time: ids in, one state per token out. Confined to one
 * thread; the session may be shared.
 */
final class OnnxRun implements AutoCloseable {
  /* All rows share a few off-heap buffers. A tensor is a view of a buffer with a shape, so for each
   * token count that occurs, its tensors are made once and kept; a run then copies nothing in or
   * out and leaves only its result object to the collector.
   *
   * Rows are never padded, so the attention mask is all ones. A model reads either that or the
   * tokens' places.
   */
  private record Tensors(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}

  static final String IDS = "input_ids";
  static final String TYPES = "token_type_ids";
  static final String PLACES = "position_ids";
  static final String STATES = "last_hidden_state";

  private static final String MASK = "attention_mask";
  private static final int DIMENSION = SentenceModel.DIMENSION;

  private final OrtSession session;
  private final LongBuffer ids;
  private final LongBuffer mask;
  private final LongBuffer places;
  private final LongBuffer types;
  private final FloatBuffer states;
  private final Tensors[] tensorsOfCount;

  OnnxRun(OrtSession session, int tokensMax) {
    this.session = session;
    ids = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    mask = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    places = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    types = offHeap(tokensMax * Long.BYTES).asLongBuffer();
    states = offHeap(tokensMax * DIMENSION * Float.BYTES).asFloatBuffer();
    tensorsOfCount = new Tensors[tokensMax + 1];
    for (int i = 0; i < tokensMax; i++) {
      mask.put(i, 1);
      places.put(i, i);
    }
  }

  /**
   * {@return the states, {@link SentenceModel#DIMENSION} floats for each token} Overwritten by the
   * next run.
   */
  FloatBuffer states(TokenBuffer tokens) throws OrtException {
    int count = tokens.count();
    ids.put(0, tokens.ids(), 0, count);
    int secondStart = tokens.secondStart();
    for (int i = 0; i < count; i++) {
      types.put(i, i < secondStart ? 0 : 1);
    }
    Tensors tensors = tensors(count);
    session.run(tensors.inputs, tensors.outputs).close();
    return states;
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
      boolean masked = session.getInputNames().contains(MASK);
      OnnxTensor last = masked ? tensor(mask, count) : tensor(places, count);
      FloatBuffer out = states.slice(0, count * DIMENSION);
      long[] shape = {1, count, DIMENSION};
      tensors =
          new Tensors(
              Map.of(
                  IDS,
                  tensor(ids, count),
                  TYPES,
                  tensor(types, count),
                  masked ? MASK : PLACES,
                  last),
              Map.of(
                  STATES, OnnxTensor.createTensor(OnnxRuntimeLibrary.environment(), out, shape)));
      tensorsOfCount[count] = tensors;
    }
    return tensors;
  }

  private static OnnxTensor tensor(LongBuffer buffer, int count) throws OrtException {
    return OnnxTensor.createTensor(
        OnnxRuntimeLibrary.environment(), buffer.slice(0, count), new long[] {1, count});
  }

  private static ByteBuffer offHeap(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
