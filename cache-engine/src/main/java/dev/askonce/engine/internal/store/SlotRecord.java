package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.base.Words;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Verification;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * One entry's record: a copy on the heap that is filled, checked and then published, or copied,
 * checked and then read. Not thread-safe; one a search context.
 *
 * <pre>
 *   0  commit         u64  state 2 bits | generation 30 bits | CRC32C of bytes 8..120, 32 bits
 *   8  epoch          u64  entry id
 *  16  sequence       u64
 *  24  scopeHigh      u64  keyed hash of the scope
 *  32  scopeLow       u64
 *  40  tenant         u64  keyed hash, for invalidation
 *  48  provenance     u64  keyed hash, for invalidation
 *  56  textHigh       u64  keyed hash of scope and text, or 0
 *  64  textLow        u64
 *  72  createdMillis  i64
 *  80  expiresMillis  i64
 *  88  savedNanos     i64  nano-dollars a hit saves
 *  96  tagBits        u64  two bits a tag: a filter, the card has the tags
 * 104  vectorCrc      u32  CRC32C of the vector
 * 108  answerBytes    u32
 * 112  cardBytes      u32
 * 116  shard          u16  where answer and card are
 * 118  flags          u16
 * </pre>
 *
 * <p>Both checksums start with the store's uuid, the slot, its generation and, for the record, its
 * state: a stale, swapped or foreign page does not verify, nor does a record whose commit word
 * changed. While a record is being written its CRC is 0, and a slot never used is all zero.
 *
 * <p>The commit word is the only word that threads share: written with release by the one writer
 * that owns the slot, read with acquire before and after a copy.
 *
 * <pre>
 *   FREE ──▶ WRITING ──▶ LIVE ──▶ WRITING ──▶ DEAD ──▶ WRITING ──▶ LIVE …
 *            generation+1         same gen.            generation+1
 * </pre>
 */
public final class SlotRecord {
  /** Length of a record. */
  public static final int BYTES = 120;

  /** The entry has no vector: its text was longer than the embedder reads. */
  public static final int FLAG_NO_VECTOR = 1;

  public static final int FREE = 0;
  public static final int WRITING = 1;
  public static final int LIVE = 2;
  public static final int DEAD = 3;

  /** Offsets of the fields that {@link EntryTable} reads without a copy. */
  static final int SCOPE_HIGH = 24;

  static final int SCOPE_LOW = 32;
  static final int TEXT_LOW = 64;
  static final int EXPIRES_MILLIS = 80;

  private static final int GENERATION_MASK = (1 << 30) - 1;
  private static final int BODY = 8;
  private static final int CLAIMS_END = 104;

  /** Length of what a record says of its entry, but for where it lies. */
  public static final int CLAIM_BYTES = CLAIMS_END - BODY;

  private static final byte[] NO_CLAIMS = new byte[0];

  private final EntryTable table;
  private final Words words;
  private final byte[] bytes = new byte[BYTES];
  private final ByteBuffer body = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] vectorBytes;
  private final byte[] seedBytes = new byte[24];
  private final ByteBuffer seed = ByteBuffer.wrap(seedBytes).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private int slot;
  private long commit;

  public SlotRecord(EntryTable table) {
    this(table, Words.MEMORY);
  }

  /** With another memory in the place of the records'. */
  SlotRecord(EntryTable table, Words words) {
    this.table = table;
    this.words = words;
    vectorBytes = new byte[table.dimension() * Float.BYTES];
    seed.putLong(0, table.uuid().getMostSignificantBits());
    seed.putLong(8, table.uuid().getLeastSignificantBits());
  }

  public static int state(long commit) {
    return (int) (commit >>> 62);
  }

  public static int generation(long commit) {
    return (int) (commit >>> 32) & GENERATION_MASK;
  }

  /** Copies a slot. {@return whether it is live and its checksum holds} */
  public boolean load(int fromSlot) {
    return copy(fromSlot) && state(commit) == LIVE && verifies();
  }

  /** Copies a slot in whatever state. {@return whether it did not change meanwhile} */
  public boolean copy(int fromSlot) {
    slot = fromSlot;
    long address = table.slotAddress(fromSlot);
    commit = words.getAcquire(address);
    words.copyOut(address, bytes, BYTES);
    words.acquireFence();
    return words.getAcquire(address) == commit;
  }

  /** {@return whether the copied record's checksum holds} */
  public boolean verifies() {
    return !Verification.ON || (int) commit == recordCrc(state(commit), generation(commit));
  }

  /** {@return whether the copied record is that of a free slot as it should be} */
  public boolean isFree() {
    return switch (state(commit)) {
      case FREE -> isZero();
      case DEAD -> verifies();
      default -> false;
    };
  }

  /** {@return whether the copied record was being written when the process died} */
  public boolean isUnfinished() {
    return state(commit) == WRITING && (int) commit == 0;
  }

  private boolean isZero() {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether the vector in the table is the one this copied record was written with} */
  public boolean vectorVerifies() {
    return hasVector() && (!Verification.ON || vectorCrc(generation(commit)) == body.getInt(104));
  }

  /** {@return whether the slot still holds what was copied} */
  public boolean isCurrent() {
    return words.getAcquire(table.slotAddress(slot)) == commit;
  }

  /**
   * Writes record and vector and publishes them. The caller owns the slot.
   *
   * @param vector a unit vector, or null for an entry without one
   */
  public void publish(int toSlot, float[] vector) {
    slot = toSlot;
    long address = table.slotAddress(toSlot);
    int generation = beginWriting(address, 1);
    CrashPoint.RECORD_BEGUN.reached();
    if (vector == null) {
      body.putShort(118, (short) (flags() | FLAG_NO_VECTOR));
      body.putInt(104, 0);
    } else {
      Memory.copyIn(vector, table.vectorAddress(toSlot));
      body.putInt(104, vectorCrc(generation));
    }
    endWriting(address, LIVE, generation);
    CrashPoint.RECORD_PUBLISHED.reached();
  }

  /** Erases a record; readers that hold a copy see the commit word change. */
  public void erase(int inSlot) {
    slot = inSlot;
    long address = table.slotAddress(inSlot);
    int generation = beginWriting(address, 0);
    CrashPoint.ERASE_BEGUN.reached();
    Arrays.fill(bytes, (byte) 0);
    endWriting(address, DEAD, generation);
    CrashPoint.ERASED.reached();
  }

  private int beginWriting(long address, int generationStep) {
    int generation = (generation(words.getAcquire(address)) + generationStep) & GENERATION_MASK;
    words.setRelease(address, word(WRITING, generation, 0));
    // No byte of the new record may be seen under the old commit word.
    words.storeStoreFence();
    return generation;
  }

  private void endWriting(long address, int state, int generation) {
    body.putLong(0, 0);
    for (int i = BODY; i < BYTES; i += Long.BYTES) {
      words.set(address + i, body.getLong(i));
    }
    CrashPoint.RECORD_WRITTEN.reached();
    commit = word(state, generation, recordCrc(state, generation));
    words.setRelease(address, commit);
  }

  private static long word(int state, int generation, int crc) {
    return (long) state << 62 | (long) generation << 32 | (crc & 0xFFFFFFFFL);
  }

  private int recordCrc(int state, int generation) {
    startCrc(state, generation);
    crc.update(bytes, BODY, BYTES - BODY);
    return (int) crc.getValue();
  }

  private int vectorCrc(int generation) {
    Memory.copyOut(table.vectorAddress(slot), vectorBytes, vectorBytes.length);
    startCrc(LIVE, generation);
    crc.update(vectorBytes, 0, vectorBytes.length);
    return (int) crc.getValue();
  }

  private void startCrc(int state, int generation) {
    seed.putInt(16, slot).putInt(20, state << 30 | generation);
    crc.reset();
    crc.update(seedBytes, 0, seedBytes.length);
  }

  public long commit() {
    return commit;
  }

  public long epoch() {
    return body.getLong(8);
  }

  public long sequence() {
    return body.getLong(16);
  }

  public EntryId id() {
    return new EntryId(epoch(), sequence());
  }

  public long scopeHigh() {
    return body.getLong(SCOPE_HIGH);
  }

  public long scopeLow() {
    return body.getLong(SCOPE_LOW);
  }

  public Hash128 scope() {
    return new Hash128(scopeHigh(), scopeLow());
  }

  public boolean isIn(Hash128 scope) {
    return scopeHigh() == scope.high() && scopeLow() == scope.low();
  }

  public long tenant() {
    return body.getLong(40);
  }

  public long provenance() {
    return body.getLong(48);
  }

  public long textHigh() {
    return body.getLong(56);
  }

  public long textLow() {
    return body.getLong(TEXT_LOW);
  }

  public Hash128 text() {
    return new Hash128(textHigh(), textLow());
  }

  public boolean hasText() {
    return textHigh() != 0 || textLow() != 0;
  }

  public boolean isText(Hash128 text) {
    return textHigh() == text.high() && textLow() == text.low();
  }

  public long createdMillis() {
    return body.getLong(72);
  }

  public long expiresMillis() {
    return body.getLong(EXPIRES_MILLIS);
  }

  public long savedNanos() {
    return body.getLong(88);
  }

  public long tagBits() {
    return body.getLong(96);
  }

  public int answerBytes() {
    return body.getInt(108);
  }

  public int cardBytes() {
    return body.getInt(112);
  }

  /** {@return the bytes of record and vector; {@code components} is 0 where there is no vector} */
  public static int entryBytes(int components) {
    return BYTES + components * Float.BYTES;
  }

  /** {@return what an entry with these fields holds: frames, record and vector if it has one} */
  public int heldBytes(boolean withVector) {
    return answerBytes() + cardBytes() + entryBytes(withVector ? table.dimension() : 0);
  }

  public int shard() {
    return body.getShort(116) & 0xFFFF;
  }

  public int flags() {
    return body.getShort(118) & 0xFFFF;
  }

  public boolean hasVector() {
    return (flags() & FLAG_NO_VECTOR) == 0;
  }

  /** Sets every field but the ones that {@link #publish} computes. */
  public SlotRecord set(
      EntryId id,
      Hash128 scope,
      Hash128 text,
      long tenant,
      long provenance,
      long createdMillis,
      long expiresMillis,
      long savedNanos,
      long tagBits) {
    body.putLong(8, id.epoch()).putLong(16, id.sequence());
    body.putLong(SCOPE_HIGH, scope.high()).putLong(SCOPE_LOW, scope.low());
    body.putLong(40, tenant).putLong(48, provenance);
    body.putLong(56, text.high()).putLong(TEXT_LOW, text.low());
    body.putLong(72, createdMillis).putLong(EXPIRES_MILLIS, expiresMillis).putLong(88, savedNanos);
    body.putLong(96, tagBits).putInt(104, 0).putShort(118, (short) 0);
    return this;
  }

  /** Sets where the frames are, and how long. */
  public SlotRecord setFrames(int answerBytes, int cardBytes, int shard) {
    body.putInt(108, answerBytes).putInt(112, cardBytes).putShort(116, (short) shard);
    return this;
  }

  /**
   * {@return whose the entry's frames are}
   *
   * @param withClaims whether they are sealed
   */
  public FrameOwner owner(boolean withClaims) {
    byte[] claims = withClaims ? Arrays.copyOfRange(bytes, BODY, CLAIMS_END) : NO_CLAIMS;
    return new FrameOwner(id(), scope(), tenant(), claims);
  }
}
