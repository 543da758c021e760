package dev.askonce.redis.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.Opening.Opened;
import dev.askonce.redis.internal.log.Opening.Reason;
import dev.askonce.redis.internal.log.Opening.Skipped;
import dev.askonce.redis.internal.server.StreamId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SealerTest {
  private static final int DIMENSION = RandomRecords.DIMENSION;
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final LogStream STREAM = LogStream.of("p:{s07}:log:0102", SCOPE);
  private static final LogStream CONTROL = LogStream.control("p:{s00}:control");
  private static final String EMBEDDER = "model 1";

  private final byte[] secret = new byte[KeyedHash.SECRET_BYTES];
  private final Sealer sealer = new Sealer(secret, EMBEDDER, DIMENSION);
  private final Sealer other = new Sealer(secret, EMBEDDER, DIMENSION);
  private final LogRecord small = RandomRecords.small(SCOPE);

  private static void assertSkipped(Reason reason, Opening opening) {
    assertEquals(new Skipped(reason), opening);
  }

  @Test
  void records_openedByAnother_areTheSame() {
    RandomRecords records =
        new RandomRecords(TestSeed.random("SealerTest.records_openedByAnother_areTheSame", 51));
    for (int i = 1; i <= 2_000; i++) {
      LogRecord record = records.record(SCOPE);
      Sealer.Sealed sealed = sealer.seal(STREAM, record);
      assertEquals(i, sealed.counter());
      assertEquals(new Opened(sealer.origin(), i, record), other.open(STREAM, sealed.bytes()));
    }
  }

  @Test
  void shortened_doesNotOpen() {
    byte[] sealed = sealer.seal(STREAM, small).bytes();
    for (int length = 0; length < sealed.length; length++) {
      assertSkipped(Reason.UNSEALED, other.open(STREAM, Arrays.copyOf(sealed, length)));
    }
    assertSkipped(Reason.UNSEALED, other.open(STREAM, Arrays.copyOf(sealed, sealed.length + 1)));
    assertSkipped(
        Reason.UNSEALED, other.open(STREAM, Arrays.copyOf(sealed, Sealer.SEALED_BYTES_MAX + 1)));
  }

  @Test
  void anyBitChanged_doesNotOpen() {
    for (LogRecord record : List.of(small, new LogRecord.Call(SCOPE))) {
      byte[] sealed = sealer.seal(STREAM, record).bytes();
      for (int bit = 0; bit < 8 * sealed.length; bit++) {
        Opening opening = other.open(STREAM, RandomRecords.flipped(sealed, bit));
        Skipped skipped = assertInstanceOf(Skipped.class, opening, "bit " + bit);
        // A higher version cannot be judged.
        boolean version = bit / 8 == 4 && skipped.reason() == Reason.NEWER_FORMAT;
        assertTrue(version || skipped.reason() == Reason.UNSEALED, "bit " + bit);
      }
    }
  }

  @Test
  void anyBytes_doNotOpen() {
    Random random = TestSeed.random("SealerTest.anyBytes_doNotOpen", 52);
    for (int i = 0; i < 2_000; i++) {
      byte[] garbage = new byte[random.nextInt(200)];
      random.nextBytes(garbage);
      assertSkipped(Reason.UNSEALED, sealer.open(STREAM, garbage));
    }
  }

  @Test
  void movedToAnotherStream_doesNotOpen() {
    byte[] sealed = sealer.seal(STREAM, small).bytes();
    Hash128 otherScope = new Hash128(1, 3);
    for (LogStream stream :
        List.of(
            LogStream.of("p:{s08}:log:0103", otherScope),
            LogStream.of("p:{s07}:log:0102 ", SCOPE),
            LogStream.of("q:{s07}:log:0102", SCOPE),
            CONTROL)) {
      assertSkipped(Reason.UNSEALED, other.open(stream, sealed));
    }
  }

  @Test
  void ofAnotherInstallation_doesNotOpen() {
    byte[] otherSecret = secret.clone();
    otherSecret[31] = 1;
    Sealer foreign = new Sealer(otherSecret, EMBEDDER, DIMENSION);
    assertSkipped(Reason.UNSEALED, other.open(STREAM, foreign.seal(STREAM, small).bytes()));
  }

  @Test
  void ofAnotherScopeThanItsStream_doesNotOpenNorIsSealed() {
    RandomRecords records = new RandomRecords(TestSeed.random("SealerTest.ofAnotherScope", 53));
    Hash128 elsewhere = new Hash128(1, 3);
    List<LogRecord> contradicting =
        List.of(
            RandomRecords.small(elsewhere),
            new LogRecord.Touches(elsewhere, List.of(records.hash())),
            new LogRecord.Call(elsewhere),
            new LogRecord.Remove(Removal.scope(elsewhere, 1), 2),
            new LogRecord.Remove(Removal.entry(elsewhere, SCOPE, 1), 2));
    for (LogRecord record : contradicting) {
      assertThrows(IllegalArgumentException.class, () -> sealer.seal(STREAM, record));
      byte[] sealed =
          sealer.wrap(RecordCodec.kind(record), STREAM.name(), RecordCodec.encode(record)).bytes();
      assertSkipped(Reason.UNSEALED, other.open(STREAM, sealed));
      byte[] controlled = sealer.seal(CONTROL, record).bytes();
      assertInstanceOf(Opened.class, other.open(CONTROL, controlled));
    }
  }

  @Test
  void bodyThatIsNoRecord_doesNotOpen() {
    for (int kind = RecordCodec.PUT; kind <= RecordCodec.CALL; kind++) {
      byte[] sealed = sealer.wrap(kind, STREAM.name(), new byte[3]).bytes();
      assertSkipped(Reason.UNSEALED, other.open(STREAM, sealed));
    }
  }

  @Test
  void ofAnotherEmbedder_isForeignUnlessItHasNoVectors() {
    LogRecord removal = new LogRecord.Remove(Removal.named(Removal.Kind.TENANT, 3, 4), 5);
    LogRecord call = new LogRecord.Call(Hash128.ZERO);
    for (Sealer foreign :
        List.of(
            new Sealer(secret, "model 2", DIMENSION),
            new Sealer(secret, EMBEDDER, DIMENSION + 1))) {
      for (LogRecord record : List.of(small, new LogRecord.Touches(SCOPE, List.of(SCOPE)))) {
        byte[] sealed = foreign.seal(STREAM, record).bytes();
        assertSkipped(Reason.FOREIGN_EMBEDDER, sealer.open(STREAM, sealed));
      }
      assertEquals(
          new Opened(foreign.origin(), 3, removal),
          sealer.open(CONTROL, foreign.seal(CONTROL, removal).bytes()));
      assertEquals(
          new Opened(foreign.origin(), 4, call),
          sealer.open(CONTROL, foreign.seal(CONTROL, call).bytes()));
    }
  }

  /** Who makes a snapshot keeps it for others, and has to know what it is. */
  @Test
  void ofAnotherEmbedder_isOpenedForWhoKeepsIt() {
    RandomRecords records = new RandomRecords(TestSeed.random("SealerTest.openedForKeeping", 54));
    Sealer foreign = new Sealer(secret, "model 2", 3 * DIMENSION);
    for (int i = 1; i <= 500; i++) {
      LogRecord record = records.record(SCOPE);
      byte[] sealed = foreign.seal(STREAM, record).bytes();
      assertEquals(new Opened(foreign.origin(), i, record), sealer.openOfAny(STREAM, sealed));
      assertEquals(foreign.vectors(), Sealer.vectorsOf(sealed));
      sealed[sealed.length - 1] ^= 1;
      assertSkipped(Reason.UNSEALED, sealer.openOfAny(STREAM, sealed));
    }
    assertNotEquals(foreign.vectors(), sealer.vectors());
    byte[] newer = foreign.seal(STREAM, small).bytes();
    newer[4] = 2;
    assertSkipped(Reason.NEWER_FORMAT, sealer.openOfAny(STREAM, newer));
  }

  @Test
  void ofALaterVersion_isNewer() {
    byte[] sealed = sealer.seal(STREAM, small).bytes();
    sealed[4] = 2;
    assertSkipped(Reason.NEWER_FORMAT, other.open(STREAM, sealed));
    sealed[4] = 0;
    assertSkipped(Reason.UNSEALED, other.open(STREAM, sealed));
    byte[] unknown = sealer.wrap(RecordCodec.CALL + 1, STREAM.name(), new byte[3]).bytes();
    assertSkipped(Reason.NEWER_FORMAT, other.open(STREAM, unknown));
  }

  @Test
  void manifest_isNoRecord() {
    SnapshotManifest manifest = new SnapshotManifest(1, 2, 3, 4, StreamId.ZERO);
    byte[] sealed = manifest.seal(sealer, STREAM.name());
    assertSkipped(Reason.UNSEALED, other.open(STREAM, sealed));
  }

  @Test
  void tooLong_isNotSealed() {
    Answer answer = new Answer("x", new byte[Sealer.SEALED_BYTES_MAX]);
    ReplicaEntry entry = RandomRecords.small(SCOPE).entry();
    ReplicaEntry longer =
        new ReplicaEntry(
            SCOPE,
            entry.key(),
            1,
            2,
            3,
            4,
            new long[0],
            5,
            Optional.empty(),
            Optional.empty(),
            answer);
    assertThrows(
        IllegalArgumentException.class, () -> sealer.seal(STREAM, new LogRecord.Put(longer)));
  }

  @Test
  void sameRecordTwice_looksDifferentAndSaysNothing() {
    byte[] first = sealer.seal(STREAM, small).bytes();
    byte[] second = sealer.seal(STREAM, small).bytes();
    byte[] elsewhere = other.seal(STREAM, small).bytes();
    assertNotEquals(sealer.origin(), other.origin());
    for (int i = Sealer.HEADER_BYTES; i + 16 <= first.length; i++) {
      assertFalse(Arrays.equals(first, i, i + 16, second, i, i + 16), "at " + i);
      assertFalse(Arrays.equals(first, i, i + 16, elsewhere, i, i + 16), "at " + i);
    }
  }

  @Test
  void manyAtOnce_eachHasItsNumberAndOpens() throws Exception {
    Set<Long> counters = ConcurrentHashMap.newKeySet();
    int threads = 64;
    int each = 50;
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    Sealer.Sealed sealed = sealer.seal(STREAM, small);
                    assertTrue(counters.add(sealed.counter()));
                    assertEquals(
                        new Opened(sealer.origin(), sealed.counter(), small),
                        other.open(STREAM, sealed.bytes()));
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
    assertEquals(threads * each, counters.size());
  }

  @Test
  void keys_areKeptForWhatOpenedOnlyAndNotForever() {
    SealKeys keys = new SealKeys(secret);
    byte[] forged = new byte[Sealer.HEADER_BYTES + 20];
    for (int i = 0; i < 100; i++) {
      assertEquals(Optional.empty(), keys.open(new Hash128(0, i), 1, "place", forged));
    }
    assertEquals(0, keys.kept());
    for (int i = 0; i < SealKeys.KEYS_MAX + 5; i++) {
      byte[] sealed = new byte[Sealer.HEADER_BYTES + 3 + SealKeys.TAG_BYTES];
      Hash128 origin = new Hash128(1, i);
      keys.seal(origin, 1, "place", sealed, new byte[] {1, 2, 3});
      assertEquals(3, keys.open(origin, 1, "place", sealed).orElseThrow().length);
      assertTrue(keys.kept() <= SealKeys.KEYS_MAX);
    }
  }
}
