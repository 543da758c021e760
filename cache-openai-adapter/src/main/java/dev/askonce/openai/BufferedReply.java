package dev.askonce.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.chat.ChatReply;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A reply of the pipeline as a response of the SDK. */
record BufferedReply(int statusCode, Headers headers, InputStream body) implements HttpResponse {
  static BufferedReply of(ChatReply reply, ReplyHeaders headers) {
    CacheUse use = CacheUse.of(reply.status(), reply.avoided(), reply.missed());
    return new BufferedReply(
        reply.status(),
        headers.of(reply.status(), reply.headers(), reply.contentType(), use),
        new ByteArrayInputStream(reply.body()));
  }

  @Override
  public void close() {}
}
