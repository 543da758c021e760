package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.internal.base.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link Epochs} and {@link Retired}: a slot is not used again while a reader may see it. */
@Tag("interleavings")
class SlotReuseTest {
  private static final int THREADS = 3;

  /** One entry, in the slot that {@code linked} says; the others are free or on their way there. */
  @Param(name = "thread", gen = ThreadIdGen.class)
  public static class Slots {
    final Epochs epochs = new Epochs(THREADS);
    final AtomicInteger linked = new AtomicInteger();
    final Retired retired = new Retired(epochs);

    /** How often each slot was used. */
    final AtomicIntegerArray uses = new AtomicIntegerArray(THREADS);

    public Slots() {
      retired.addFree(1);
    }

    /** {@return whether the slot stayed what it was for as long as it was looked at} */
    @Operation
    public boolean read(@Param(name = "thread") int thread) {
      epochs.enter(thread);
      int slot = linked.get();
      int before = uses.get(slot);
      boolean same = uses.get(slot) == before;
      epochs.exit(thread);
      return same;
    }

    @Operation(nonParallelGroup = "writer")
    public void replace() {
      int slot = retired.takeFree();
      if (slot >= 0) {
        uses.incrementAndGet(slot);
        unlink(slot);
      }
      retired.takePassed(1).forEachInt(retired::addFree);
    }

    void unlink(int replacement) {
      int before = linked.get();
      linked.set(replacement);
      retired.retire(before);
    }
  }

  /** Its word may be seen after what it reads: with a store that is no full fence it might be. */
  public static class EntersLate extends Slots {
    @Operation
    @Override
    public boolean read(@Param(name = "thread") int thread) {
      int slot = linked.get();
      int before = uses.get(slot);
      epochs.enter(thread);
      boolean same = uses.get(slot) == before;
      epochs.exit(thread);
      return same;
    }
  }

  /** Readers of the epoch that ends may still find the slot in the next. */
  public static class RetiresFirst extends Slots {
    @Override
    void unlink(int replacement) {
      retired.retire(linked.get());
      linked.set(replacement);
    }
  }

  @Test
  void read_anyOrder_seesNoSlotUsedAgain() {
    Interleavings.requireRight(Slots.class);
  }

  @Test
  void read_entersAfterReading_isFoundOut() {
    Interleavings.requireWrong(EntersLate.class);
  }

  @Test
  void replace_retiresBeforeUnlinking_isFoundOut() {
    Interleavings.requireWrong(RetiresFirst.class);
  }
}
