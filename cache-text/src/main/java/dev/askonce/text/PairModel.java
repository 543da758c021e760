package dev.askonce.text;

import java.util.List;

/**
 * What makes a cross-encoder of an embedder's transformer: the changes to its stored weights, the
 * head that makes a number of the tokens' states, and what the number means. Immutable; the arrays
 * are shared.
 *
 * @param modelSha256 the model file it changes, in lower-case hex
 * @param tokenizerSha256 the tokenizer file that goes with it
 * @param tokensMax tokens of a pair that it reads
 */
record PairModel(
    String modelSha256,
    String tokenizerSha256,
    int tokensMax,
    PairHead head,
    PairCalibration calibration,
    List<Change> changes) {
  /**
   * New values of one stored tensor.
   *
   * @param steps of an 8-bit tensor, what is added to each value, modulo 256; or null
   * @param values of a tensor of floats, the values instead of its own; or null
   */
  record Change(String tensor, byte[] steps, float[] values) {}

  /**
   * {@return the model file with the changes made}
   *
   * @throws ModelException if this is not a pair model of these files
   */
  byte[] patched(ModelFiles files) {
    requireSame("model", modelSha256, ModelFiles.sha256(files.model()));
    requireSame("tokenizer", tokenizerSha256, ModelFiles.sha256(files.tokenizer()));
    OnnxFile file = new OnnxFile(files.model());
    byte[] patched = files.model().clone();
    for (Change change : changes) {
      file.write(patched, file.tensor(change.tensor), change);
    }
    return patched;
  }

  private static void requireSame(String what, String needed, String found) {
    if (!needed.equals(found)) {
      throw new ModelException(
          "the pair model was trained from another %s file: SHA-256 %s, here %s; train it again"
              .formatted(what, needed, found));
    }
  }
}
