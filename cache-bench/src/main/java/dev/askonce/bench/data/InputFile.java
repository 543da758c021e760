package dev.askonce.bench.data;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a file that somebody named, unpacked where its name ends with {@code .gz}. What is
 * wrong with the file as such is said in words that name it.
 */
public final class InputFile extends FilterInputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;

  private InputFile(Path file, InputStream plain) {
    super(plain);
    this.file = file;
  }

  /**
   * {@return the bytes of a file}
   *
   * @throws InputException if there is no such file, or it is not compressed though it says so
   */
  public static InputStream open(Path file) throws IOException {
    InputException.require(Files.isRegularFile(file), "there is no file " + file);
    InputStream bytes = Files.newInputStream(file);
    if (!file.toString().endsWith(".gz")) {
      return bytes;
    }
    try {
      return new InputFile(file, new GZIPInputStream(bytes, BUFFER_BYTES));
    } catch (ZipException | EOFException e) {
      bytes.close();
      throw new InputException(file + " is not compressed with gzip");
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (ZipException | EOFException e) {
      throw new InputException(file + " is damaged: not whole as gzip");
    }
  }
}
