package dev.askonce.cli.batch;

import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.english.English;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The cache lever of a store that is opened when somebody first asks. Not thread-safe. */
final class LazyCache implements Lever, AutoCloseable {
  private final Path directory;
  private final boolean similar;
  private final Deque<Runnable> closings = new ArrayDeque<>();
  private CacheLever lever;

  /**
   * @param similar whether a text that is only similar may answer, as guards and verifier decide
   */
  LazyCache(Path directory, boolean similar) {
    this.directory = directory;
    this.similar = similar;
  }

  @Override
  public String name() {
    return CacheLever.NAME;
  }

  @Override
  public Stage stage() {
    return Stage.CACHE;
  }

  @Override
  public ChatClient over(ChatClient next) {
    if (lever == null) {
      lever = CacheLever.builder(store()).build();
    }
    return lever.over(next);
  }

  private SemanticCache store() {
    MiniLmEmbedder embedder = MiniLmEmbedder.open();
    closings.push(embedder::close);
    SemanticCacheBuilder builder = SemanticCache.at(directory).embedder(embedder);
    if (similar) {
      CrossEncoder verifier = CrossEncoder.open();
      closings.push(verifier::close);
      builder.policy(GuardedPolicy.builder().languages(new English()).verifier(verifier).build());
    } else {
      // Documents of a batch are alike and mean different things: only the same words will do.
      builder.policy(new CosinePolicy()).threshold(1);
    }
    SemanticCache store = builder.open();
    closings.push(store::close);
    return store;
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}
