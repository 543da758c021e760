package dev.askonce.text;

/**
 * What one worker thread runs a model with; used and closed by that thread alone.
 *
 * @param <Q> what is asked of the model
 * @param <R> what it says
 */
interface Inference<Q, R> extends AutoCloseable {
  R run(Q question) throws Exception;

  @Override
  void close();
}
