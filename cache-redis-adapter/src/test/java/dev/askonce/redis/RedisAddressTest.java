package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.engine.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
  @Test
  void parse_everythingGiven_isKept() {
    assertEquals(
        new RedisAddress("cache.example.org", 7000, true, "app", "a:b/c+ d", 12),
        RedisAddress.parse("rediss://app:a:b%2Fc+%20d@cache.example.org:7000/12"));
  }

  @Test
  void parse_onlyAHost_takesTheDefaults() {
    assertEquals(
        new RedisAddress("localhost", 6379, false, null, null, 0),
        RedisAddress.parse("redis://localhost"));
  }

  @Test
  void parse_passwordAlone_isOfTheDefaultUser() {
    RedisAddress address = RedisAddress.parse("redis://:pw@[::1]:1/");
    assertNull(address.user());
    assertEquals("pw", address.password());
    assertEquals("::1", address.host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u:hush@h",
        "redis:hush",
        "redis://hush@h",
        "redis://u:hu sh@h",
        "redis://u:hush%@h",
        "redis://u:hush@h/x",
        "redis://u:hush@h/1/2",
        "redis://u:hush@h?db=1",
        "redis://u:hush@",
        "hush"
      })
  void parse_anythingElse_isRefusedWithoutShowingIt(String uri) {
    CacheException.InvalidOption refusal =
        assertThrows(CacheException.InvalidOption.class, () -> RedisAddress.parse(uri));
    assertFalse(refusal.getMessage().contains("hu"), refusal::getMessage);
    assertNull(refusal.getCause());
  }

  @Test
  void toString_showsNoSecret() {
    assertEquals("rediss://h:6379", RedisAddress.parse("rediss://user:hush@h/3").toString());
  }
}
