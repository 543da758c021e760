package dev.askonce.redis.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.engine.Answer;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final int DIMENSION = RandomRecords.DIMENSION;
  private static final Hash128 SCOPE = new Hash128(1, 2);

  /** Where a put has the number of its tags. */
  private static final int TAG_COUNT = 72;

  private static Optional<LogRecord> decode(LogRecord like, byte[] bytes) {
    return RecordCodec.decode(RecordCodec.kind(like), bytes, DIMENSION);
  }

  @Test
  void records_readBack_areTheSame() {
    RandomRecords records =
        new RandomRecords(TestSeed.random("RecordCodecTest.records_readBack_areTheSame", 41));
    for (int i = 0; i < 5_000; i++) {
      LogRecord record = records.record(records.hash());
      byte[] bytes = RecordCodec.encode(record);
      LogRecord read = decode(record, bytes).orElseThrow();
      assertEquals(record, read);
      assertArrayEquals(bytes, RecordCodec.encode(read));
    }
  }

  @Test
  void vectorsOfAnyBits_readBack_haveTheSameBits() {
    LogRecord.Put put = RandomRecords.small(SCOPE);
    float[] vector = put.entry().vector().orElseThrow();
    vector[0] = Float.intBitsToFloat(0x7FC12345);
    vector[1] = -0f;
    LogRecord.Put read = (LogRecord.Put) decode(put, RecordCodec.encode(put)).orElseThrow();
    float[] readVector = read.entry().vector().orElseThrow();
    for (int i = 0; i < DIMENSION; i++) {
      assertEquals(Float.floatToRawIntBits(vector[i]), Float.floatToRawIntBits(readVector[i]));
    }
  }

  @Test
  void shortenedOrLengthened_isRefused() {
    RandomRecords records =
        new RandomRecords(TestSeed.random("RecordCodecTest.shortenedOrLengthened_isRefused", 42));
    for (int i = 0; i < 200; i++) {
      LogRecord record = records.record(SCOPE);
      byte[] bytes = RecordCodec.encode(record);
      for (int length = 0; length < bytes.length; length++) {
        assertEquals(Optional.empty(), decode(record, Arrays.copyOf(bytes, length)));
      }
      assertEquals(Optional.empty(), decode(record, Arrays.copyOf(bytes, bytes.length + 1)));
    }
  }

  @Test
  void anyBytes_areReadOrRefused() {
    Random random = TestSeed.random("RecordCodecTest.anyBytes_areReadOrRefused", 43);
    RandomRecords records = new RandomRecords(random);
    for (int i = 0; i < 20_000; i++) {
      LogRecord record = records.record(SCOPE);
      byte[] bytes = RecordCodec.encode(record);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      decode(record, bytes).ifPresent(read -> assertArrayEquals(bytes, RecordCodec.encode(read)));
    }
  }

  @Test
  void lengthsBeyondTheBytes_areRefusedBeforeMemoryIsTaken() {
    LogRecord put = RandomRecords.small(SCOPE);
    for (int length : new int[] {Integer.MAX_VALUE, 1 << 29, 17, -2, Integer.MIN_VALUE}) {
      byte[] bytes = RecordCodec.encode(put);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(TAG_COUNT, length);
      assertEquals(Optional.empty(), decode(put, bytes));
    }
    LogRecord touches = new LogRecord.Touches(SCOPE, Collections.nCopies(3, SCOPE));
    for (int count : new int[] {Integer.MAX_VALUE, 1 << 28, 2, 4, -1}) {
      byte[] bytes = RecordCodec.encode(touches);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(16, count);
      assertEquals(Optional.empty(), decode(touches, bytes));
    }
  }

  @Test
  void vectorOfAnotherDimension_isRefused() {
    LogRecord put = RandomRecords.small(SCOPE);
    assertEquals(
        Optional.empty(),
        RecordCodec.decode(RecordCodec.PUT, RecordCodec.encode(put), DIMENSION + 1));
  }

  @Test
  void contentTypeThatNoAnswerHas_isRefused() {
    // As many characters as may be; then the last becomes one of two bytes in UTF-8.
    ReplicaEntry small = RandomRecords.small(SCOPE).entry();
    String longest = "x".repeat(Answer.CONTENT_TYPE_BYTES_MAX);
    LogRecord put =
        new LogRecord.Put(
            new ReplicaEntry(
                SCOPE,
                small.key(),
                5,
                6,
                7,
                8,
                new long[0],
                0,
                Optional.empty(),
                Optional.empty(),
                new Answer(longest, new byte[0])));
    byte[] bytes = RecordCodec.encode(put);
    assertEquals(Optional.of(put), decode(put, bytes));
    bytes[bytes.length - Integer.BYTES - 1] = 1;
    assertEquals(Optional.empty(), decode(put, bytes));
  }

  @Test
  void removalWithForeignFields_isWrittenWithoutThem() {
    Removal odd = new Removal(Removal.Kind.TAG, SCOPE, new Hash128(3, 4), 5, 6);
    LogRecord record = new LogRecord.Remove(odd, 7);
    assertEquals(
        Optional.of(new LogRecord.Remove(Removal.named(Removal.Kind.TAG, 5, 6), 7)),
        decode(record, RecordCodec.encode(record)));
  }

  @Test
  void recordsThatNoReaderTakes_areNotMade() {
    LogRecord most =
        new LogRecord.Touches(SCOPE, Collections.nCopies(LogRecord.TOUCHES_MAX, SCOPE));
    assertEquals(Optional.of(most), decode(most, RecordCodec.encode(most)));
    LogRecord more =
        new LogRecord.Touches(SCOPE, Collections.nCopies(LogRecord.TOUCHES_MAX + 1, SCOPE));
    assertThrows(IllegalArgumentException.class, () -> RecordCodec.encode(more));
    LogRecord tagged = new LogRecord.Put(RandomRecords.entry(SCOPE, SCOPE, 1, 2, 3, new long[17]));
    assertThrows(IllegalArgumentException.class, () -> RecordCodec.encode(tagged));
  }
}
