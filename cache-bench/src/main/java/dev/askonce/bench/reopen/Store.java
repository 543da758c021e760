package dev.askonce.bench.reopen;

import dev.askonce.bench.data.VectorFile;
import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;

/** The store that is opened again and again: entry {@code i} lies under row {@code i} of a file. */
final class Store {
  private static final Scope SCOPE = Scope.tenant("bench").with("model", "any");
  private static final String FILLING = "An answer of about a kilobyte, as models write them. ";
  private static final int FILLINGS = 19;
  private static final Duration TTL = Duration.ofDays(365);

  private final Path directory;
  private final VectorFile vectors;

  Store(Path directory, VectorFile vectors) {
    this.directory = directory;
    this.vectors = vectors;
  }

  SemanticCache open() {
    return SemanticCache.at(directory)
        .vectors(vectors.dimension(), "reopen")
        .entriesMax(vectors.count())
        .ttlMax(TTL)
        .ttl(TTL)
        .open();
  }

  static Answer answer(int entry) {
    return Answer.text("Answer " + entry + ". " + FILLING.repeat(FILLINGS));
  }

  void fill(SemanticCache cache, int from, int to) {
    cache.putAll(
        IntStream.range(from, to)
            .mapToObj(i -> BulkEntry.of(SCOPE, vectors.row(i), answer(i)))
            .iterator(),
        Runtime.getRuntime().availableProcessors());
  }

  Lookup ask(SemanticCache cache, int entry) {
    return cache.lookup(SCOPE, vectors.row(entry), LookupOptions.DEFAULTS);
  }
}
