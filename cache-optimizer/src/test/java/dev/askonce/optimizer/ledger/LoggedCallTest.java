package dev.askonce.optimizer.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Usage;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoggedCallTest {
  private static LoggedCall parse(String line) {
    return LoggedCall.parse(line.replace('\'', '"'));
  }

  @Test
  void parse_fullLine_isWhatItSays() {
    LoggedCall call =
        parse(
            "{'at':'2025-11-15T12:00:00Z','endpoint':'faq','tenant':'acme','interactive':false,"
                + "'request':{'model':'gpt-4o'},'status':429,'response':{'usage':"
                + "{'prompt_tokens':3,'completion_tokens':2}},'latencyMillis':812,'more':[1]}");
    assertEquals(Instant.parse("2025-11-15T12:00:00Z"), call.at());
    assertEquals("faq", call.endpoint());
    assertEquals(Optional.of("acme"), call.tenant());
    assertFalse(call.interactive());
    assertEquals("gpt-4o", call.model());
    assertEquals(429, call.status());
    assertEquals(Optional.of(Usage.of(3, 2)), call.usage());
    assertEquals(OptionalLong.of(812), call.latencyMillis());
    assertEquals(call, LoggedCall.parse(call.toJson()));
  }

  @Test
  void parse_shortestLine_hasDefaults() {
    LoggedCall call = parse("{'at':'2025-11-15T12:00:00Z','request':{}}");
    assertEquals("default", call.endpoint());
    assertEquals(Optional.empty(), call.tenant());
    assertTrue(call.interactive());
    assertEquals(200, call.status());
    assertEquals(Optional.empty(), call.usage());
    assertEquals(OptionalLong.empty(), call.latencyMillis());
    assertEquals(call, LoggedCall.parse(call.toJson()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{'at':'2025-11-15T12:00:00Z'}",
        "{'at':'yesterday','request':{}}",
        "{'request':{}}",
        "{'at':'1969-12-31T23:59:59Z','request':{}}",
        "{'at':'2200-01-01T00:00:00Z','request':{}}",
        "{'at':'+1000000000-12-31T23:59:59.999999999Z','request':{}}",
        "{'at':'2025-11-15T12:00:00Z','request':'secret'}",
        "{'at':'2025-11-15T12:00:00Z','request':{secret}}"
      })
  void parse_faultyLine_isRefusedWithoutQuotingIt(String line) {
    ChatException e = assertThrows(ChatException.InvalidLog.class, () -> parse(line));
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
  }
}
