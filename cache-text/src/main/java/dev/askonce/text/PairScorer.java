package dev.askonce.text;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.OptionalDouble;

/**
 * Makes the log odds of one pair at a time. Confined to one thread; the session may be shared.
 * Empty where the tokens do not say all of both texts.
 */
final class PairScorer implements Inference<PairScorer.Texts, OptionalDouble> {
  /** What is asked, and what is stored. */
  record Texts(String asked, String stored) {}

  private final WordPieceTokenizer tokenizer;
  private final PairModel model;
  private final TokenBuffer tokens;
  private final OnnxRun run;

  PairScorer(OrtSession session, WordPieceTokenizer tokenizer, PairModel model) {
    this.tokenizer = tokenizer;
    this.model = model;
    tokens = new TokenBuffer(model.tokensMax());
    run = new OnnxRun(session, model.tokensMax());
  }

  @Override
  public OptionalDouble run(Texts texts) throws OrtException {
    tokenizer.encodePair(texts.asked, texts.stored, tokens);
    if (tokens.truncated() || tokens.hasUnread()) {
      return OptionalDouble.empty();
    }
    double logOdds = model.head().logOdds(run.states(tokens), tokens.secondStart(), tokens.count());
    if (!Double.isFinite(logOdds)) {
      throw new ModelException("the model gave log odds of " + logOdds);
    }
    return OptionalDouble.of(logOdds);
  }

  @Override
  public void close() {
    run.close();
  }
}
