package dev.askonce.text;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of a model and its tokenizer, as the Maven artifact carries them. Needed while an
 * embedder opens, garbage after.
 */
record ModelFiles(byte[] model, byte[] tokenizer) {
  /**
   * {@return the files of a model as the class loader finds them}
   *
   * @throws ModelException if one is missing or unreadable
   */
  static ModelFiles load(SentenceModel model, ClassLoader classes) {
    return new ModelFiles(
        bytes(model, model.modelFile(), classes), bytes(model, model.tokenizerFile(), classes));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(newSha256().digest(bytes));
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(SentenceModel model, String name, ClassLoader classes) {
    try (InputStream in = classes.getResourceAsStream(name)) {
      if (in == null) {
        throw new ModelException(
            name + " is not on the class path; add the artifact " + model.artifact());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ModelException("cannot read " + name + " from the class path", e);
    }
  }
}
