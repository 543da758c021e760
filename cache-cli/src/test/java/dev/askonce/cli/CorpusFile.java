package dev.askonce.cli;

import dev.askonce.bench.data.Corpus;
import dev.askonce.bench.data.VectorWriter;
import java.io.IOException;
import java.nio.file.Path;

/** A file of a corpus's vectors, for commands that read one. */
final class CorpusFile {
  private static final long SEED = 3;

  private CorpusFile() {}

  /** {@return the file, written} */
  static Path write(Path file, int rows) throws IOException {
    Corpus corpus = new Corpus(rows, SEED);
    try (VectorWriter writer = new VectorWriter(file)) {
      for (int i = 0; i < rows; i++) {
        writer.write(corpus.entry(i));
      }
      writer.commit();
    }
    return file;
  }
}
