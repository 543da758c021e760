package dev.askonce.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.chat.ChatReply;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A reply of the pipeline as a response of the SDK. */
record BufferedReply(int statusCode, Headers headers, InputStream body) implements HttpResponse {
  static BufferedReply of(ChatReply reply, boolean tellsHits) {
    CacheUse use = CacheUse.of(reply.avoided().isPresent(), reply.missed());
    return new BufferedReply(
        reply.status(),
        headers(reply.headers(), reply.contentType(), use, tellsHits),
        new ByteArrayInputStream(reply.body()));
  }

  /** {@return the provider's headers, or those of a hit, with the mark that tells which} */
  static Headers headers(
      Map<String, List<String>> received, String contentType, CacheUse use, boolean tellsHits) {
    Headers.Builder headers = Headers.builder();
    if (use == CacheUse.HIT) {
      headers.put("content-type", contentType);
      if (tellsHits) {
        headers.putAll(received);
      }
    } else {
      headers.putAll(received);
    }
    if (tellsHits) {
      headers.replace(AskOnceHttpClient.CACHE_HEADER, use.mark());
    }
    return headers.build();
  }

  @Override
  public void close() {}
}
