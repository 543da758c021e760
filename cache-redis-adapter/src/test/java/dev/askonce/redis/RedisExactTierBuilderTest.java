package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.engine.CacheException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RedisExactTierBuilderTest {
  private final RedisExactTierBuilder builder = RedisExactTier.at("redis://u:hush@localhost:1");

  @Test
  void options_outOfRange_areRefused() {
    List<Executable> refused =
        List.of(
            () -> builder.secret(new byte[31]),
            () -> builder.keyPrefix(""),
            () -> builder.keyPrefix("a b"),
            () -> builder.keyPrefix("a*"),
            () -> builder.keyPrefix("x".repeat(65)),
            () -> builder.deadline(Duration.ZERO),
            () -> builder.deadline(Duration.ofSeconds(11)),
            () -> builder.connectTimeout(Duration.ofMillis(-1)),
            () -> builder.backoff(Duration.ofNanos(1)),
            () -> builder.connectionsMax(0),
            () -> builder.connectionsMax(1025),
            () -> builder.answerBytesMax(0),
            () -> builder.answerBytesMax((1 << 20) + 1),
            () -> builder.failuresMax(0),
            () -> builder.ttlMax(Duration.ZERO),
            () -> builder.ttlMax(Duration.ofDays(3651)));
    refused.forEach(option -> assertThrows(CacheException.InvalidOption.class, option));
  }

  @Test
  void open_withoutSecret_isRefused() {
    assertThrows(CacheException.InvalidOption.class, builder::open);
  }

  @Test
  void toString_showsNoSecret() {
    try (RedisExactTier tier = builder.secret(new byte[32]).open()) {
      assertFalse(tier.toString().contains("hush"), tier::toString);
      assertFalse(builder.toString().contains("hush"), builder::toString);
    }
  }
}
