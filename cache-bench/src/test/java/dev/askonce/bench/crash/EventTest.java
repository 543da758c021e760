package dev.askonce.bench.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class EventTest {
  private static final Event EVENT =
      new Event(Event.Type.PUT_DONE, 3, 1, 2, 3, 4, 5, 6, 7, 1, Event.Group.TENANT);

  private static ByteBuffer changed(int at, int value) {
    ByteBuffer line = EVENT.encode();
    line.put(at, (byte) value);
    return line.putLong(56, Event.check(line));
  }

  @Test
  void decode_whatWasWritten_isTheSame() {
    assertEquals(EVENT, Event.decode(EVENT.encode()).orElseThrow());
  }

  @Test
  void decode_typeOrGroupThatThereIsNot_isRefused() {
    for (int value : new int[] {99, -1}) {
      assertTrue(Event.decode(changed(0, value)).isEmpty());
      assertTrue(Event.decode(changed(50, value)).isEmpty());
    }
  }
}
