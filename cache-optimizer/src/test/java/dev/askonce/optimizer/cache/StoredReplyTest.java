package dev.askonce.optimizer.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.engine.Answer;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoredReplyTest {
  private static final byte[] BODY =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":3}}".getBytes(StandardCharsets.UTF_8);

  @Test
  void of_whatWasStored_isTheSame() {
    Usage usage = new Usage(12, 0, 1, Long.MAX_VALUE, 3);
    StoredReply stored =
        new StoredReply("application/json", BODY, "org/modèle 4; x", usage, true, true);
    StoredReply read = StoredReply.of(stored.toAnswer());
    assertEquals("application/json", read.contentType());
    assertEquals("org/modèle 4; x", read.model());
    assertEquals(usage, read.usage());
    assertEquals(stored.estimated(), read.estimated());
    assertEquals(stored.usageAsked(), read.usageAsked());
  }

  @Test
  void of_whatWasStoredBefore_hasNoModel() {
    StoredReply read =
        StoredReply.of(new Answer("application/json; askonce-usage=p+1.2.3.4.5", BODY));
    assertEquals("application/json", read.contentType());
    assertEquals("", read.model());
  }

  @Test
  void toAnswer_ofAVeryLongName_leavesItOut() {
    StoredReply stored =
        new StoredReply("application/json", BODY, "x".repeat(300), Usage.NONE, true, true);
    assertEquals("", StoredReply.of(stored.toAnswer()).model());
    assertEquals("application/json", StoredReply.of(stored.toAnswer()).contentType());
  }

  /** Others may put answers whose media type only looks like ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "p",
        "p+",
        "x+1.2.3.4.5",
        "p*1.2.3.4.5",
        "p+1.2.3.4",
        "p+1.2.3.4.5.6",
        "p+1..3.4.5",
        "p+1.-2.3.4.5",
        "p+1.2.3.4.9223372036854775808",
        "p+1.2.3.4.5; charset=utf-8"
      })
  void of_usageThatIsNone_isThatOfTheBody(String parameter) {
    String type = "application/json; askonce-usage=" + parameter;
    StoredReply read = StoredReply.of(new Answer(type, BODY));
    assertEquals(type, read.contentType());
    assertEquals(Usage.of(3, 0), read.usage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"choices\":[{}]}",
        "{\"choices\":[{\"message\":\"text\"}]}",
        "[]",
        "{\"choices\":{\"0\":1}}"
      })
  void stream_ofACompletionWithoutMessage_isRefused(String completion) {
    assertThrows(
        IOException.class,
        () -> ReplyForm.stream(completion.getBytes(StandardCharsets.UTF_8), Usage.NONE, true));
  }
}
