package dev.askonce.engine.internal.index;

import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.util.Random;
import java.util.UUID;

/** A table of a few live entries of two scopes, and the space of their graphs. */
final class SmallSpace {
  static final int SLOTS = 16;
  static final UUID STORE = new UUID(11, 13);
  static final Hash128[] SCOPES = {new Hash128(1, 2), new Hash128(3, 4)};

  private static final int DIMENSION = 16;
  private static final int BEAM = 8;

  final EntryTable table;
  final float[][] vectors = new float[SLOTS][DIMENSION];
  final IndexSpace space;

  SmallSpace() throws IOException {
    table = new EntryTable(MemoryFolder.create("askonce-fuzz-").path(), STORE, DIMENSION, SLOTS);
    table.grow();
    Random random = new Random(17);
    SlotRecord record = new SlotRecord(table);
    for (int slot = 0; slot < SLOTS; slot++) {
      vectors[slot] = unit(random);
      record.set(new EntryId(1, slot), scope(slot), scope(slot), 0, 0, 0, 1, 0, 0);
      record.publish(slot, vectors[slot]);
    }
    space = newSpace();
  }

  /** {@return the scope of a slot's entry} */
  static Hash128 scope(int slot) {
    return SCOPES[slot % SCOPES.length];
  }

  /** {@return a space in which nothing is so far} */
  IndexSpace newSpace() {
    return new IndexSpace(table, Kernels.chosen(), STORE.getLeastSignificantBits(), BEAM);
  }

  private static float[] unit(Random random) {
    float[] vector = new float[DIMENSION];
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
      sum += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= (float) Math.sqrt(sum);
    }
    return vector;
  }
}
