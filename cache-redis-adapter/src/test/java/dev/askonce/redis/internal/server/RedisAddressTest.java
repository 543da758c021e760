package dev.askonce.redis.internal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.CacheException;
import dev.askonce.redis.internal.server.RedisAddress.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisAddressTest {
  private static final HostAndPort A = new HostAndPort("a", 1);
  private static final HostAndPort B = new HostAndPort("b", 26379);

  @Test
  void parse_everythingGiven_isKept() {
    assertEquals(
        new RedisAddress(
            Topology.SERVER,
            List.of(new HostAndPort("cache.example.org", 7000)),
            true,
            new Login("app", "a:b/c+ d"),
            "",
            12),
        RedisAddress.parse("rediss://app:a:b%2Fc+%20d@cache.example.org:7000/12"));
  }

  @Test
  void parse_onlyAHost_takesTheDefaults() {
    assertEquals(
        new RedisAddress(
            Topology.SERVER, List.of(new HostAndPort("localhost", 6379)), false, Login.NONE, "", 0),
        RedisAddress.parse("redis://localhost"));
  }

  @Test
  void parse_passwordAlone_isOfTheDefaultUser() {
    RedisAddress address = RedisAddress.parse("redis://:pw@[::1]:1/");
    assertEquals(new Login(null, "pw"), address.login());
    assertEquals(List.of(new HostAndPort("::1", 1)), address.hosts());
  }

  @Test
  void parse_sentinels_areKeptWithTheNameOfThePrimary() {
    assertEquals(
        new RedisAddress(Topology.SENTINEL, List.of(A, B), false, new Login("u", "pw"), "main", 3),
        RedisAddress.parse("redis-sentinel://u:pw@a:1,b/main/3"));
    assertTrue(RedisAddress.parse("REDISS-SENTINEL://a/main").tls());
  }

  @Test
  void parse_clusterNodes_areKept() {
    assertEquals(
        new RedisAddress(
            Topology.CLUSTER,
            List.of(A, new HostAndPort("::1", 6379)),
            true,
            new Login(null, "pw"),
            "",
            0),
        RedisAddress.parse("rediss-cluster://:pw@a:1,[::1]"));
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
        "redis://u:hush@g,h",
        "redis://u:hush@h:0",
        "redis://u:hush@h:65536",
        "redis-sentinel://u:hush@h",
        "redis-sentinel://u:hush@h/",
        "redis-sentinel://u:hush@h,/main",
        "redis-sentinel://u:hush@h/main/x",
        "redis-cluster://u:hush@h/1",
        "redis-ring://u:hush@h",
        "hush"
      })
  void parse_anythingElse_isRefusedWithoutShowingIt(String uri) {
    CacheException.InvalidOption refusal =
        assertThrows(CacheException.InvalidOption.class, () -> RedisAddress.parse(uri));
    assertFalse(refusal.getMessage().contains("hush"), refusal::getMessage);
    assertNull(refusal.getCause());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rediss://h:6379", "redis-sentinel://a:1,b:2/main", "rediss-cluster://a:1,b:2"})
  void toString_showsNoSecret(String shown) {
    RedisAddress address = RedisAddress.parse(shown.replace("://", "://user:hush@"));
    assertEquals(shown, address.toString());
    assertFalse(address.login().toString().contains("hush"));
  }
}
