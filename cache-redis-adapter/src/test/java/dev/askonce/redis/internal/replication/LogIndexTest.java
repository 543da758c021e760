package dev.askonce.redis.internal.replication;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.ReplicaEntry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogIndexTest {
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final Hash128 KEY = new Hash128(3, 4);

  @Test
  void otherContentOfTheSameVersion_isNotThere() {
    LogIndex index = new LogIndex();
    index.add(entry(7, "x"));
    assertTrue(index.has(entry(7, "x")));
    assertTrue(index.has(entry(6, "y")));
    assertFalse(index.has(entry(7, "y")));
    index.add(entry(7, "y"));
    assertTrue(index.has(entry(7, "x")));
    assertTrue(index.has(entry(7, "y")));
    assertFalse(index.hasNewer(entry(7, "y")));
    index.add(entry(8, "z"));
    assertTrue(index.hasNewer(entry(7, "y")));
  }

  private static ReplicaEntry entry(long version, String answer) {
    return new ReplicaEntry(
        SCOPE,
        KEY,
        version,
        100,
        5,
        0,
        new long[0],
        0,
        Optional.of("q"),
        Optional.of(new float[] {1}),
        Answer.text(answer));
  }
}
