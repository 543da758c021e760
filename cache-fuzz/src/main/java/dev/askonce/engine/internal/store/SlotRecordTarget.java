package dev.askonce.engine.internal.store;

import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A record and its vector in a table: taken for live if and only if the checksum of the format's
 * page holds, and then field by field what is there.
 */
public final class SlotRecordTarget implements Target {
  private static final int SLOTS = 8;
  private static final int DIMENSION = 4;
  private static final int VECTOR_BYTES = DIMENSION * Float.BYTES;
  private static final UUID STORE = new UUID(0x0123456789ABCDEFL, 0x0F1E2D3C4B5A6978L);
  private static final int WITH_VECTOR_CHECKSUM = 1;
  private static final int WITH_CHECKSUM = 2;

  private final EntryTable table;
  private final SlotRecord record;
  private final SlotRecord other;

  public SlotRecordTarget() throws IOException {
    table = new EntryTable(MemoryFolder.create("askonce-fuzz-").path(), STORE, DIMENSION, SLOTS);
    table.grow();
    record = new SlotRecord(table);
    other = new SlotRecord(table);
  }

  /* An input: flags, slot, the record, the vector. */

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int flags = input.next();
    int slot = input.next(SLOTS);
    ByteBuffer content =
        ByteBuffer.wrap(input.take(SlotRecord.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] vector = input.take(VECTOR_BYTES);
    long commit = content.getLong(0);
    if ((flags & WITH_VECTOR_CHECKSUM) != 0) {
      int generation = SlotRecord.generation(commit);
      content.putInt(104, crc(slot, SlotRecord.LIVE, generation, vector, 0));
    }
    if ((flags & WITH_CHECKSUM) != 0) {
      content.putInt(0, recordCrc(slot, content));
    }
    Memory.copyIn(content.array(), SlotRecord.BYTES, table.slotAddress(slot));
    Memory.copyIn(vector, VECTOR_BYTES, table.vectorAddress(slot));
    check(slot, content, vector);
  }

  private void check(int slot, ByteBuffer content, byte[] vector) {
    long commit = content.getLong(0);
    boolean live = SlotRecord.state(commit) == SlotRecord.LIVE;
    boolean sound = (int) commit == recordCrc(slot, content);
    Target.require(record.load(slot) == (live && sound), "live");
    Target.require(record.verifies() == sound, "verifies");
    Target.require(record.isCurrent() && record.commit() == commit, "current");
    boolean zero = Arrays.equals(content.array(), new byte[SlotRecord.BYTES]);
    boolean dead = SlotRecord.state(commit) == SlotRecord.DEAD && sound;
    Target.require(record.isFree() == (zero || dead), "free");
    boolean unfinished = SlotRecord.state(commit) == SlotRecord.WRITING && (int) commit == 0;
    Target.require(record.isUnfinished() == unfinished, "unfinished");
    int vectorCrc = crc(slot, SlotRecord.LIVE, SlotRecord.generation(commit), vector, 0);
    boolean hasVector = (content.getShort(118) & SlotRecord.FLAG_NO_VECTOR) == 0;
    Target.require(
        record.vectorVerifies() == (hasVector && vectorCrc == content.getInt(104)), "vector");
    if (live && sound) {
      writeAgain(slot, content);
    }
  }

  /** What was read, written into the next slot, has the same fields. */
  private void writeAgain(int slot, ByteBuffer content) {
    int next = (slot + 1) % SLOTS;
    other.set(
        record.id(),
        record.scope(),
        record.text(),
        record.tenant(),
        record.provenance(),
        record.createdMillis(),
        record.expiresMillis(),
        record.savedNanos(),
        record.tagBits());
    other.setFrames(record.answerBytes(), record.cardBytes(), record.shard());
    other.publish(next, record.hasVector() ? new float[DIMENSION] : null);
    Target.require(other.load(next), "what was written does not verify");
    byte[] written = new byte[SlotRecord.BYTES];
    Memory.copyOut(table.slotAddress(next), written, SlotRecord.BYTES);
    Target.require(Arrays.equals(written, 8, 104, content.array(), 8, 104), "hashes and times");
    Target.require(Arrays.equals(written, 108, 118, content.array(), 108, 118), "lengths, shard");
    Target.require(other.hasVector() == record.hasVector(), "flags");
    boolean servable = table.isServable(slot, record.scope(), record.expiresMillis() - 1);
    Target.require(servable || record.expiresMillis() == Long.MIN_VALUE, "servable");
  }

  private static int recordCrc(int slot, ByteBuffer content) {
    long commit = content.getLong(0);
    return crc(slot, SlotRecord.state(commit), SlotRecord.generation(commit), content.array(), 8);
  }

  private static int crc(int slot, int state, int generation, byte[] bytes, int from) {
    ByteBuffer seed = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    seed.putLong(STORE.getMostSignificantBits()).putLong(STORE.getLeastSignificantBits());
    seed.putInt(slot).putInt(state << 30 | generation);
    CRC32C crc = new CRC32C();
    crc.update(seed.array(), 0, 24);
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }

  @Override
  public List<byte[]> seeds() {
    SlotRecord live = new SlotRecord(table);
    live.set(new EntryId(1, 2), new Hash128(3, 4), new Hash128(5, 6), 7, 8, 9, 10, 11, 12);
    live.setFrames(13, 14, 0);
    live.publish(1, new float[] {1, 0, 0, 0});
    byte[] published = input(1);
    live.erase(1);
    return List.of(published, input(1), input(0));
  }

  private byte[] input(int slot) {
    byte[] content = new byte[SlotRecord.BYTES];
    Memory.copyOut(table.slotAddress(slot), content, SlotRecord.BYTES);
    byte[] vector = new byte[VECTOR_BYTES];
    Memory.copyOut(table.vectorAddress(slot), vector, VECTOR_BYTES);
    ByteBuffer input = ByteBuffer.allocate(2 + SlotRecord.BYTES + VECTOR_BYTES);
    return input.put((byte) 3).put((byte) slot).put(content).put(vector).array();
  }
}
