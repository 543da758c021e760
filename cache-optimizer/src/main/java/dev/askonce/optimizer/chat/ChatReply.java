package dev.askonce.optimizer.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole reply: the provider's bytes, or a lever's.
 *
 * <p>Thread-safe. The body is not copied: nobody changes it.
 */
public final class ChatReply {
  private final int status;
  private final Map<String, List<String>> headers;
  private final String contentType;
  private final byte[] body;
  private final Optional<Avoided> avoided;
  private final boolean missed;
  private volatile Completion completion;

  /**
   * @param headers of the reply, as its transport names them
   * @param avoided empty if a provider was called
   */
  public ChatReply(
      int status,
      Map<String, List<String>> headers,
      String contentType,
      byte[] body,
      Optional<Avoided> avoided) {
    this(status, headers, contentType, body, avoided, false);
  }

  private ChatReply(
      int status,
      Map<String, List<String>> headers,
      String contentType,
      byte[] body,
      Optional<Avoided> avoided,
      boolean missed) {
    this.status = status;
    this.headers = headers;
    this.contentType = contentType;
    this.body = body;
    this.avoided = avoided;
    this.missed = missed;
  }

  public int status() {
    return status;
  }

  public Map<String, List<String>> headers() {
    return headers;
  }

  /** {@return this reply with other headers} */
  public ChatReply headers(Map<String, List<String>> others) {
    ChatReply copy = new ChatReply(status, others, contentType, body, avoided, missed);
    copy.completion = completion;
    return copy;
  }

  public String contentType() {
    return contentType;
  }

  public byte[] body() {
    return body;
  }

  public Optional<Avoided> avoided() {
    return avoided;
  }

  /** {@return whether the cache was asked for this reply and had none} */
  public boolean missed() {
    return missed;
  }

  /** {@return this reply as that to a request which the cache was asked for in vain} */
  public ChatReply asMiss() {
    ChatReply copy = new ChatReply(status, headers, contentType, body, avoided, true);
    copy.completion = completion;
    return copy;
  }

  /** {@return what the body says; read at the first call} */
  public Completion completion() {
    Completion known = completion;
    if (known == null) {
      known = Completion.parse(body);
      completion = known;
    }
    return known;
  }

  /** {@return status and size only: answers do not belong into logs} */
  @Override
  public String toString() {
    return "ChatReply[" + status + ", " + contentType + ", " + body.length + " bytes]";
  }
}
