package dev.askonce.optimizer.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.askonce.optimizer.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRequestTest {
  @Test
  void parse_keepsTheBytes() {
    byte[] body = "{ \"model\" : \"m\" }".getBytes(StandardCharsets.UTF_8);
    assertSame(body, ChatRequest.parse(body).body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{", "{\"a\":1,\"a\":2}", "{} {}", "null"})
  void parse_noRequest_isRefusedWithoutQuotingIt(String body) {
    ChatException e =
        assertThrows(
            ChatException.MalformedRequest.class,
            () -> ChatRequest.parse(body.getBytes(StandardCharsets.UTF_8)));
    assertFalse(e.getMessage().contains("{"), e.getMessage());
  }

  @Test
  void parse_nestedTooDeep_isRefused() {
    byte[] deep = ("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
    assertThrows(ChatException.MalformedRequest.class, () -> ChatRequest.parse(deep));
  }

  @Test
  void accessors_readTheRequest() {
    ChatRequest request =
        Wire.ask("q", "'max_tokens':5", "'temperature':0.5", "'stream':true", "'tools':[{}]");
    assertEquals("gpt-4o", request.model());
    assertEquals(1, request.userMessageCount());
    assertEquals(OptionalLong.of(5), request.outputTokensMax());
    assertEquals(0.5, request.temperature().orElseThrow());
    assertTrue(request.stream());
    assertTrue(request.hasTools());
    assertFalse(request.includeUsage());
    assertEquals(
        OptionalLong.of(6),
        Wire.ask("q", "'max_tokens':5", "'max_completion_tokens':6").outputTokensMax());
  }

  @Test
  void accessors_ofAnEmptyRequest_haveDefaults() {
    ChatRequest request = Wire.request("{}");
    assertEquals("", request.model());
    assertEquals(1, request.choiceCount());
    assertEquals(Optional.empty(), request.lastUserMessage());
    assertFalse(request.stream());
    assertFalse(request.hasTools());
  }

  @Test
  void with_changesACopy() {
    ChatRequest request = Wire.ask("q");
    ChatRequest changed = request.with("model", TextNode.valueOf("gpt-4o-mini"));
    assertEquals("gpt-4o", request.model());
    assertEquals("gpt-4o-mini", ChatRequest.parse(changed.body()).model());
    assertEquals(1, changed.messages().size());
  }

  @Test
  void toString_hasNoPrompt() {
    assertFalse(Wire.ask("my secret").toString().contains("secret"));
  }

  /** The parser takes bodies that begin with zeros for UTF-32, and has its own error for those. */
  @Test
  void parse_noText_isRefused() {
    byte[] body = {0, 0, 0, '{', 0x21, (byte) 0xFF, 0, 0};
    assertThrows(ChatException.MalformedRequest.class, () -> ChatRequest.parse(body));
  }
}
