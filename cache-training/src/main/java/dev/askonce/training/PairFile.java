package dev.askonce.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A file of pairs: JSON lines {@code {"a": …, "b": …, "label": 0 or 1}}, plain or gzipped. */
final class PairFile {
  private PairFile() {}

  /**
   * {@return the pairs of a file, in its order; other fields are ignored}
   *
   * @throws IllegalArgumentException if a line lacks a field or its label is neither 0 nor 1
   */
  static List<Pair> read(Path path) {
    List<Pair> pairs = new ArrayList<>();
    try (InputStream in = open(path);
        JsonParser json = new JsonFactory().createParser(in)) {
      while (json.nextToken() != null) {
        pairs.add(pair(json, pairs.size() + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
    return pairs;
  }

  private static Pair pair(JsonParser json, int number) throws IOException {
    String a = null;
    String b = null;
    int label = -1;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "a" -> a = json.getText();
        case "b" -> b = json.getText();
        case "label" -> label = json.getIntValue();
        default -> json.skipChildren();
      }
    }
    if (a == null || b == null || (label != 0 && label != 1)) {
      throw new IllegalArgumentException("pair " + number + " needs a, b and label 0 or 1");
    }
    return new Pair(a, b, label);
  }

  private static InputStream open(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    return path.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
  }
}
