package dev.askonce.optimizer.cache;

import dev.askonce.engine.Answer;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Stored answers as replies, whoever put them: each is read, and in the other of its two forms it
 * is written or refused. What was written here is read as it was.
 */
public final class ReplyTarget implements Target {
  private static final int TYPE_CHARS_MAX = 64;

  /* An input: the length of a media type, the type, and the body. */

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    byte[] typeBytes = input.take(input.next(TYPE_CHARS_MAX));
    String type = new String(typeBytes, StandardCharsets.ISO_8859_1);
    byte[] body = input.rest();
    StoredReply stored = StoredReply.of(new Answer(type, body));
    Target.require(type.startsWith(stored.contentType()), "another media type");
    Target.require(Arrays.equals(stored.body(), body), "another body");
    requireNone(stored.usage());
    requireSame(
        new StoredReply(
            type, body, stored.model(), stored.usage(), stored.estimated(), stored.usageAsked()));
    inTheOtherForm(stored);
  }

  private static void requireNone(Usage usage) {
    Target.require(
        usage.input() >= 0
            && usage.cachedInput() >= 0
            && usage.cacheWrite() >= 0
            && usage.output() >= 0
            && usage.reasoning() >= 0,
        "tokens below none");
  }

  private static void requireSame(StoredReply reply) {
    StoredReply again = StoredReply.of(reply.toAnswer());
    Target.require(
        again.contentType().equals(reply.contentType())
            && Arrays.equals(again.body(), reply.body())
            && (again.model().equals(reply.model()) || again.model().isEmpty())
            && again.usage().equals(reply.usage())
            && again.estimated() == reply.estimated()
            && again.usageAsked() == reply.usageAsked(),
        "what was written is read otherwise");
  }

  private static void inTheOtherForm(StoredReply stored) {
    try {
      byte[] stream = ReplyForm.stream(stored.body(), stored.usage(), true);
      byte[] completion = ReplyForm.completion(stream);
      Target.require(completion.length > 0, "a stream of ours is read");
    } catch (IOException e) {
      // Refused: the caller gets no hit.
    }
    try {
      ReplyForm.completion(stored.body());
    } catch (IOException e) {
      // As above.
    }
    for (boolean include : new boolean[] {false, true}) {
      try {
        ReplyForm.withUsage(stored.body(), stored.usage(), include);
      } catch (IOException e) {
        // As above.
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    String completion =
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"yes\",\"refusal\":null},"
            + "\"logprobs\":{\"content\":[]},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";
    String stream =
        "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
            + "\"content\":\"y\"},\"logprobs\":{\"content\":[1]}}]}\n\ndata: {\"choices\":"
            + "[{\"delta\":{\"content\":\"es\"},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\ndata: [DONE]\n\n";
    return List.of(
        seed("application/json; askonce-usage=p+12.0.0.34.0", completion),
        seed("application/json; askonce-model=a%2Fb; askonce-usage=p+1.0.0.3.0", completion),
        seed("application/json", completion),
        seed("text/event-stream; askonce-usage=e-1.2.3.4.5", stream));
  }

  private static byte[] seed(String type, String body) {
    return ((char) type.length() + type + body).getBytes(StandardCharsets.ISO_8859_1);
  }
}
