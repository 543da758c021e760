package dev.askonce.text;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.askonce.engine.spi.Embedding;
import java.nio.FloatBuffer;

/**
 * Makes the vector of one text at a time: the mean of its tokens' states or the first state, scaled
 * to unit length. Confined to one thread; the session may be shared.
 */
final class OnnxEncoder implements Inference<String, Embedding> {
  private final WordPieceTokenizer tokenizer;
  private final SentenceModel.Pooling pooling;
  private final TokenBuffer tokens;
  private final OnnxRun run;
  private final float[] state = new float[SentenceModel.DIMENSION];

  OnnxEncoder(
      OrtSession session,
      WordPieceTokenizer tokenizer,
      SentenceModel.Pooling pooling,
      int tokensMax) {
    this.tokenizer = tokenizer;
    this.pooling = pooling;
    tokens = new TokenBuffer(tokensMax);
    run = new OnnxRun(session, tokensMax);
  }

  @Override
  public Embedding run(String text) throws OrtException {
    tokenizer.encode(text, tokens);
    float[] vector = pooled(run.states(tokens), tokens.count());
    return new Embedding(vector, tokens.truncated() || tokens.hasUnread());
  }

  @Override
  public void close() {
    run.close();
  }

  /** {@return the unit vector of a text of {@code count} tokens} */
  private float[] pooled(FloatBuffer states, int count) {
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
}
