package dev.askonce.engine.contract;

import dev.askonce.engine.SemanticCacheBuilder;

/** A cache alone in its process. */
class LocalCacheContractTest extends SemanticCacheContract {
  @Override
  protected SemanticCacheBuilder implementation(SemanticCacheBuilder builder) {
    return builder;
  }
}
