package dev.askonce.bench.data;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Embeds a file of texts, one a line, into a {@link VectorFile}, one row a line in their order. The
 * vectors of several embedders are put one behind another and the whole is scaled to length 1, so
 * that its cosine is the mean of theirs.
 */
public final class EmbeddedLines {
  private static final int BATCH = 256;
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /**
   * What was embedded.
   *
   * @param rows vectors written
   * @param dimension components of each
   * @param fingerprints those of the embedders, in the order of their components
   * @param blankLines lines without a text, which have no row
   * @param truncated rows of whose text an embedder did not read all
   */
  public record Report(
      long rows,
      int dimension,
      List<String> fingerprints,
      long blankLines,
      long truncated,
      double seconds,
      double rowsPerSecond) {}

  private final List<? extends Embedder> embedders;
  private final int dimension;
  private long rows;
  private long blankLines;
  private long truncated;

  private EmbeddedLines(List<? extends Embedder> embedders) {
    this.embedders = embedders;
    dimension = embedders.stream().mapToInt(Embedder::dimension).sum();
  }

  /**
   * Embeds all lines but blank ones.
   *
   * @param text UTF-8
   * @throws InputException if it is missing, is not UTF-8 or holds no text
   * @throws TimeoutException if 256 texts take an embedder ten minutes
   */
  public static Report write(
      Path text, List<? extends Embedder> embedders, Path out, Progress progress)
      throws IOException, TimeoutException {
    if (!Files.isRegularFile(text)) {
      throw new InputException("there is no file " + text);
    }
    return new EmbeddedLines(embedders).writeAll(text, out, progress);
  }

  private Report writeAll(Path text, Path out, Progress progress)
      throws IOException, TimeoutException {
    long started = System.nanoTime();
    try (BufferedReader lines = Files.newBufferedReader(text);
        VectorWriter writer = new VectorWriter(out)) {
      List<String> batch = new ArrayList<>(BATCH);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank()) {
          blankLines++;
          continue;
        }
        batch.add(line);
        if (batch.size() == BATCH) {
          embed(batch, writer);
          batch.clear();
          progress.tell(() -> String.format("%,d lines embedded", rows));
        }
      }
      embed(batch, writer);
      if (rows == 0) {
        throw new InputException(text + " holds no text");
      }
      writer.commit();
    } catch (CharacterCodingException e) {
      throw new InputException(text + " is not UTF-8");
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    List<String> fingerprints = embedders.stream().map(Embedder::fingerprint).toList();
    return new Report(
        rows, dimension, fingerprints, blankLines, truncated, seconds, rows / seconds);
  }

  private void embed(List<String> batch, VectorWriter writer) throws IOException, TimeoutException {
    List<List<Embedding>> parts = new ArrayList<>();
    for (Embedder embedder : embedders) {
      parts.add(embedder.embedAll(batch, TIMEOUT));
    }
    for (int i = 0; i < batch.size(); i++) {
      float[] row = new float[dimension];
      boolean cut = false;
      int at = 0;
      for (List<Embedding> part : parts) {
        float[] vector = Vectors.normalise(part.get(i).vector().clone());
        System.arraycopy(vector, 0, row, at, vector.length);
        at += vector.length;
        cut |= part.get(i).truncated();
      }
      writer.write(Vectors.normalise(row));
      truncated += cut ? 1 : 0;
      rows++;
    }
  }
}
