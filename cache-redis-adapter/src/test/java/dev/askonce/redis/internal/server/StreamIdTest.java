package dev.askonce.redis.internal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"0-0", "1719830000000-12", "18446744073709551615-18446744073709551615", "0-1"})
  void parse_whatTheServerWrites_printsTheSame(String text) {
    assertEquals(text, StreamId.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "1", "1-", "-1", "+1-1", "1-+1", "1--1", "1-1-1", "1-x", "1- 1"})
  void parse_anythingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> StreamId.parse(text));
  }

  @Test
  void compareTo_unsigned_isTheServersOrder() {
    StreamId[] ascending = {
      StreamId.ZERO,
      StreamId.parse("0-1"),
      StreamId.parse("0-18446744073709551615"),
      StreamId.parse("1-0"),
      StreamId.parse("9223372036854775808-0"),
      StreamId.MAX
    };
    for (int i = 1; i < ascending.length; i++) {
      assertTrue(ascending[i - 1].compareTo(ascending[i]) < 0, "" + ascending[i]);
      assertTrue(ascending[i].compareTo(ascending[i - 1]) > 0, "" + ascending[i]);
    }
    assertEquals(ascending[3], ascending[2].next());
    assertEquals(ascending[1], ascending[0].next());
    assertEquals(StreamId.MAX, StreamId.MAX.next());
  }
}
