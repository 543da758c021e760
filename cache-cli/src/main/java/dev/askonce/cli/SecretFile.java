package dev.askonce.cli;

import dev.askonce.bench.data.InputException;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A file with the secret of an installation. Errors name the file and nothing of what is in it. */
final class SecretFile {
  private static final int HEX_CHARS = 2 * KeyedHash.SECRET_BYTES;
  private static final int LINE_END_CHARS_MAX = 2;

  private SecretFile() {}

  static byte[] read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(HEX_CHARS + LINE_END_CHARS_MAX + 1);
    }
    if (bytes.length == KeyedHash.SECRET_BYTES) {
      return bytes;
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (bytes.length > HEX_CHARS + LINE_END_CHARS_MAX || !text.matches("[0-9A-Fa-f]{64}")) {
      throw new InputException(
          file + " holds neither " + KeyedHash.SECRET_BYTES + " bytes nor 64 hexadecimal digits");
    }
    return HexFormat.of().parseHex(text);
  }
}
