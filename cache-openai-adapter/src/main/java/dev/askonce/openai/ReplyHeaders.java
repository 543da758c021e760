package dev.askonce.openai;

import com.openai.core.http.Headers;
import java.util.List;
import java.util.Map;

/**
 * The headers of a response to the SDK: the provider's as they came, or those of a reply that a
 * lever made.
 *
 * @param sent whether the provider was asked
 * @param tellsHits whether the response says what the cache did for it
 */
record ReplyHeaders(boolean sent, boolean tellsHits) {
  private static final String CONTENT_TYPE = "content-type";

  /** By this the API tells its SDKs whether another try may help; they believe it over a status. */
  private static final String SHOULD_RETRY = "x-should-retry";

  private static final int ERROR = 400;

  Headers of(int status, Map<String, List<String>> received, String contentType, CacheUse use) {
    Headers.Builder headers = Headers.builder();
    if (use != CacheUse.HIT || tellsHits) {
      headers.putAll(received);
    }
    Headers known = headers.build();
    if (known.values(CONTENT_TYPE).isEmpty() && !contentType.isEmpty()) {
      headers.put(CONTENT_TYPE, contentType);
    }
    if (!sent && status >= ERROR && known.values(SHOULD_RETRY).isEmpty()) {
      // What a lever refused without asking anyone, such as a call over its budget, it would
      // refuse again: the SDK's retries would only make the caller wait.
      headers.put(SHOULD_RETRY, "false");
    }
    if (tellsHits) {
      headers.replace(AskOnceHttpClient.CACHE_HEADER, use.mark());
    }
    return headers.build();
  }
}
