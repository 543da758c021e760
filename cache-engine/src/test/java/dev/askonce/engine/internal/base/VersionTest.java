package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VersionTest {
  private static final int PAYLOAD_WORDS = 2;

  /** A payload of equal words beside a version; what is changed is never seen in parts. */
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class Payload {
    private final WordArray memory = new WordArray(0, 1 + PAYLOAD_WORDS);

    LateStores stores(WordArray words) {
      return new LateStores(words);
    }

    LateLoads loads(WordArray words) {
      return new LateLoads(words);
    }

    @Operation(nonParallelGroup = "writer")
    public void change(@Param(name = "value") int value) {
      LateStores stores = stores(memory);
      Version.begin(stores, 0);
      for (int i = 1; i <= PAYLOAD_WORDS; i++) {
        stores.set((long) i * Long.BYTES, value);
      }
      Version.end(stores, 0);
      stores.arrive();
    }

    @Operation
    public long read() {
      LateLoads loads = loads(memory);
      byte[] bytes = new byte[PAYLOAD_WORDS * Long.BYTES];
      long seen;
      do {
        seen = Version.read(loads, 0);
        loads.copyOut(Long.BYTES, bytes, bytes.length);
      } while (!Version.isUnchanged(loads, 0, seen));
      ByteBuffer payload = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long first = payload.getLong(0);
      return first == payload.getLong(Long.BYTES) ? first : -1;
    }
  }

  /** The change may be seen before the odd version. */
  public static class NoFenceAfterBegin extends Payload {
    @Override
    LateStores stores(WordArray words) {
      return new LateStores(words) {
        @Override
        public void storeStoreFence() {}
      };
    }
  }

  /** The even version may be seen before the change. */
  public static class EndWithoutRelease extends Payload {
    @Override
    LateStores stores(WordArray words) {
      return new LateStores(words) {
        @Override
        public void setRelease(long address, long value) {
          set(address, value);
        }
      };
    }
  }

  /** The version may be read again before the payload is. */
  public static class NoFenceBeforeCheck extends Payload {
    @Override
    LateLoads loads(WordArray words) {
      return new LateLoads(words) {
        @Override
        public void acquireFence() {}
      };
    }
  }

  @Test
  @Tag("interleavings")
  void read_anyOrder_seesWholeChanges() {
    Interleavings.requireRight(Payload.class);
  }

  @Test
  @Tag("interleavings")
  void read_orderingDropped_isFoundOut() {
    Interleavings.requireWrong(NoFenceAfterBegin.class);
    Interleavings.requireWrong(EndWithoutRelease.class);
    Interleavings.requireWrong(NoFenceBeforeCheck.class);
  }

  @Test
  void begin_changeThatNeverEnded_isTakenOver() {
    LateStores stores = new LateStores(new WordArray(0, 1));
    Version.begin(stores, 0);
    assertEquals(1, Version.read(stores, 0));
    Version.begin(stores, 0);
    assertEquals(1, Version.read(stores, 0));
    Version.end(stores, 0);
    assertEquals(2, Version.read(stores, 0));
  }

  @Test
  void isUnchanged_oddOrAnother_isFalse() {
    WordArray memory = new WordArray(0, 1);
    LateLoads loads = new LateLoads(memory);
    assertTrue(Version.isUnchanged(loads, 0, Version.read(loads, 0)));
    memory.set(0, 2);
    assertFalse(Version.isUnchanged(loads, 0, 0));
    memory.set(0, 3);
    assertFalse(Version.isUnchanged(loads, 0, 3), "a change is under way");
  }
}
