package dev.askonce.openai;

import com.openai.core.http.HttpRequestBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A request body that was read already. */
record BytesBody(byte[] bytes, String contentType) implements HttpRequestBody {
  /** {@return what a body writes} Reads it once. */
  static byte[] read(HttpRequestBody body) {
    if (body instanceof BytesBody known) {
      return known.bytes;
    }
    long length = body.contentLength();
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(length > 0 && length < Integer.MAX_VALUE ? (int) length : 1024);
    body.writeTo(out);
    return out.toByteArray();
  }

  @Override
  public void writeTo(OutputStream out) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream content() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public void close() {}
}
