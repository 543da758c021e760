package dev.askonce.engine;

import java.util.Optional;

/**
 * One entry of a bulk import, see {@link SemanticCache#putAll}: an answer under a text, which is
 * embedded, or under a vector.
 *
 * @param vector of the cache's dimension and any length but zero; not changed. Empty for a text
 */
public record BulkEntry(
    Scope scope,
    Optional<String> text,
    Optional<float[]> vector,
    Answer answer,
    PutOptions options) {

  /**
   * @throws CacheException.InvalidOption unless there is either a text or a vector
   */
  public BulkEntry {
    if (text.isPresent() == vector.isPresent()) {
      throw new CacheException.InvalidOption("a bulk entry wants either a text or a vector");
    }
  }

  /** {@return an entry under a text, with the operator's defaults} */
  public static BulkEntry of(Scope scope, String text, Answer answer) {
    return new BulkEntry(scope, Optional.of(text), Optional.empty(), answer, PutOptions.DEFAULTS);
  }

  /** {@return an entry under a vector, with the operator's defaults} */
  public static BulkEntry of(Scope scope, float[] vector, Answer answer) {
    return new BulkEntry(scope, Optional.empty(), Optional.of(vector), answer, PutOptions.DEFAULTS);
  }
}
