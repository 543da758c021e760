package dev.askonce.redis.internal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.redis.internal.server.Portions.Portion;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortionsTest {
  private final Portions portions = new Portions();

  @Test
  void next_repliesFit_growsToWhatIsAsked() {
    int last = 0;
    for (int i = 0; i < 10; i++) {
      last = portions.next(5, 100).count();
      portions.read(false);
    }
    assertEquals(100, last);
  }

  @Test
  void next_repliesNeverFit_endsWithOneRecordOfEachStreamInTurn() {
    for (int i = 0; i < 20; i++) {
      portions.next(5, 100);
      portions.read(true);
    }
    Set<Integer> visited = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      Portion one = portions.next(5, 100);
      portions.read(true);
      assertEquals(1, one.streams());
      assertEquals(1, one.count());
      visited.addAll(one.of(List.of(0, 1, 2, 3, 4)));
    }
    assertEquals(Set.of(0, 1, 2, 3, 4), visited);
  }

  @Test
  void next_repliesFitAgain_asksForAllStreamsAgain() {
    for (int i = 0; i < 20; i++) {
      portions.next(500, 100);
      portions.read(true);
    }
    for (int i = 0; i < 20; i++) {
      portions.next(500, 100);
      portions.read(false);
    }
    assertTrue(portions.next(500, 100).isAll(500));
  }

  @Test
  void next_fewerStreamsThanBefore_staysInRange() {
    for (int i = 0; i < 8; i++) {
      portions.next(500, 100);
      portions.read(true);
    }
    for (int streams = 1; streams < 20; streams++) {
      Portion some = portions.next(streams, 1);
      assertEquals(some.streams(), some.of(Collections.nCopies(streams, "x")).size());
    }
  }
}
