package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.Interleavings;
import dev.askonce.engine.internal.base.LateLoads;
import dev.askonce.engine.internal.base.LateStores;
import dev.askonce.engine.internal.base.WordArray;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The word that publishes a record, without the help of checksums: these would tell a torn record
 * as well, and hide what is wrong with the order.
 */
@Tag("interleavings")
class CommitWordTest {
  private static final int SLOT = 0;
  private static final int VALUES = 3;

  @TempDir static Path directory;

  /** Gives slots their addresses; no byte of it is used. */
  private static EntryTable table;

  @BeforeAll
  static void open() throws IOException {
    table = new EntryTable(directory, new UUID(3, 4), 4, 16);
    table.grow();
  }

  @AfterAll
  static void close() {
    table.close();
  }

  /** One slot, whose records have the same value in every field, and the answers of all values. */
  @Param(name = "value", gen = IntGen.class, conf = "1:" + VALUES)
  public static class Slot {
    private final WordArray memory =
        new WordArray(table.slotAddress(SLOT), SlotRecord.BYTES / Long.BYTES);
    private final AtomicIntegerArray answers = new AtomicIntegerArray(1 + VALUES);
    private int live;

    /** There is one from the beginning, so that few switches of threads show what is wrong. */
    public Slot() {
      put(1);
    }

    LateStores stores(WordArray words) {
      return new LateStores(words);
    }

    LateLoads loads(WordArray words) {
      return new LateLoads(words);
    }

    /** Puts into a free slot and removes from a used one: no record is written over another. */
    @Operation(nonParallelGroup = "writer")
    public void change(@Param(name = "value") int value) {
      if (live == 0) {
        put(value);
      } else {
        remove();
      }
    }

    /** First the answer, then the record. */
    private void put(int value) {
      answers.set(value, value);
      LateStores stores = stores(memory);
      Hash128 hash = new Hash128(value, value);
      new SlotRecord(table, stores)
          .set(new EntryId(value, value), hash, hash, value, value, value, value, value, value)
          .setFrames(0, 0, 0)
          .publish(SLOT, null);
      stores.arrive();
      live = value;
    }

    /** First the record, then the answer. */
    private void remove() {
      LateStores stores = stores(memory);
      new SlotRecord(table, stores).erase(SLOT);
      stores.arrive();
      answers.set(live, 0);
      live = 0;
    }

    /** {@return the answer, 0 if there is none; -1 where a lookup would have been misled} */
    @Operation
    public int read() {
      while (true) {
        SlotRecord reader = new SlotRecord(table, loads(memory));
        if (reader.copy(SLOT) && SlotRecord.state(reader.commit()) != SlotRecord.WRITING) {
          int value = value(reader);
          if (value < 0) {
            return -1;
          }
          int answer = answers.get(value);
          if (reader.isCurrent()) {
            return answer == value ? answer : -1;
          }
        }
      }
    }

    private static int value(SlotRecord record) {
      if (SlotRecord.state(record.commit()) != SlotRecord.LIVE) {
        return 0;
      }
      long value = record.epoch();
      boolean whole =
          record.sequence() == value
              && record.scopeHigh() == value
              && record.expiresMillis() == value
              && record.tagBits() == value;
      return whole ? (int) value : -1;
    }
  }

  /** The record may be seen under the commit word of the one before. */
  public static class NoFenceAfterWriting extends Slot {
    @Override
    LateStores stores(WordArray words) {
      return new LateStores(words) {
        @Override
        public void storeStoreFence() {}
      };
    }
  }

  /** The commit word may be seen before the record. */
  public static class CommitWithoutRelease extends Slot {
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

  /** The commit word may be read again before the record is. */
  public static class NoFenceBeforeCheck extends Slot {
    @Override
    LateLoads loads(WordArray words) {
      return new LateLoads(words) {
        @Override
        public void acquireFence() {}
      };
    }
  }

  /** The commit word of a copy is not read again: neither after it nor behind the answer. */
  public static class NoCheck extends Slot {
    @Override
    LateLoads loads(WordArray words) {
      return new LateLoads(words) {
        private long first;

        @Override
        public long getAcquire(long address) {
          first = first == 0 ? super.getAcquire(address) : first;
          return first;
        }
      };
    }
  }

  /** A slot that is used again has the commit word that it had. */
  public static class NoGeneration extends Slot {
    private static final long STATE = 3L << 62;

    @Override
    LateStores stores(WordArray words) {
      return new LateStores(words) {
        @Override
        public void setRelease(long address, long value) {
          super.setRelease(address, value & STATE);
        }
      };
    }
  }

  @Test
  void read_anyOrder_isWhatWasThere() {
    Interleavings.requireRight(Slot.class);
  }

  @Test
  void read_orderingDropped_isFoundOut() {
    Interleavings.requireWrong(NoFenceAfterWriting.class);
    Interleavings.requireWrong(CommitWithoutRelease.class);
    Interleavings.requireWrong(NoFenceBeforeCheck.class);
  }

  @Test
  void read_checkDropped_isFoundOut() {
    Interleavings.requireWrong(NoCheck.class);
    Interleavings.requireWrong(NoGeneration.class);
  }
}
