package dev.askonce.redis.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.server.StreamId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Chunks of a snapshot, and the manifest that says which there are. */
class SnapshotTest {
  private static final long GENERATION = 77;
  private static final StreamId COVERS = new StreamId(1, 2);

  private final List<byte[]> chunks = new ArrayList<>();
  private final byte[] secret = new byte[KeyedHash.SECRET_BYTES];
  private final Sealer sealer = new Sealer(secret, "model", 8);

  private SnapshotManifest cut(List<byte[]> records, int chunkBytesMax) {
    chunks.clear();
    SnapshotChunks.Cutter cutter =
        new SnapshotChunks.Cutter(
            GENERATION,
            chunkBytesMax,
            (number, chunk) -> {
              assertEquals(chunks.size(), number);
              chunks.add(chunk);
            });
    records.forEach(cutter::add);
    return cutter.finish(COVERS);
  }

  private static List<byte[]> records(Random random, int count, int bytesMax) {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] record = new byte[random.nextInt(bytesMax + 1)];
      random.nextBytes(record);
      records.add(record);
    }
    return records;
  }

  @Test
  void chunks_readBack_areTheRecordsInOrder() {
    Random random = TestSeed.random("SnapshotTest.chunks_readBack", 81);
    for (int round = 0; round < 200; round++) {
      List<byte[]> records = records(random, random.nextInt(50), 200);
      int chunkBytesMax = 30 + random.nextInt(2_000);
      SnapshotManifest manifest = cut(records, chunkBytesMax);
      List<byte[]> read = new ArrayList<>();
      for (int number = 0; number < chunks.size(); number++) {
        byte[] chunk = chunks.get(number);
        List<byte[]> its = SnapshotChunks.read(GENERATION, number, chunk).orElseThrow();
        assertTrue(chunk.length <= chunkBytesMax || its.size() == 1);
        assertTrue(!its.isEmpty());
        read.addAll(its);
      }
      assertEquals(records.size(), read.size());
      for (int i = 0; i < read.size(); i++) {
        assertArrayEquals(records.get(i), read.get(i));
      }
      long bytes = records.stream().mapToLong(record -> record.length).sum();
      assertEquals(
          new SnapshotManifest(GENERATION, chunks.size(), records.size(), bytes, COVERS), manifest);
    }
  }

  @Test
  void chunkInAnothersPlace_isRefused() {
    cut(records(new Random(1), 10, 50), 200);
    assertTrue(chunks.size() > 1);
    assertEquals(Optional.empty(), SnapshotChunks.read(GENERATION, 1, chunks.get(0)));
    assertEquals(Optional.empty(), SnapshotChunks.read(GENERATION, 0, chunks.get(1)));
    assertEquals(Optional.empty(), SnapshotChunks.read(GENERATION + 1, 0, chunks.get(0)));
  }

  @Test
  void changedOrTruncated_isRefused() {
    cut(records(new Random(2), 4, 20), 1_000);
    byte[] chunk = chunks.getFirst();
    for (int bit = 0; bit < 8 * chunk.length; bit++) {
      byte[] changed = RandomRecords.flipped(chunk, bit);
      assertEquals(Optional.empty(), SnapshotChunks.read(GENERATION, 0, changed), "bit " + bit);
    }
    for (int length = 0; length <= chunk.length + 1; length++) {
      byte[] cut = Arrays.copyOf(chunk, length);
      assertEquals(length == chunk.length, SnapshotChunks.read(GENERATION, 0, cut).isPresent());
    }
  }

  @Test
  void lengthsThatLie_underARightChecksum_areRefused() {
    cut(List.of(new byte[5], new byte[6]), 1_000);
    for (int at : new int[] {16, 20, 29}) {
      for (int value : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 3, 7}) {
        byte[] lying = chunks.getFirst().clone();
        ByteBuffer bytes = ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(at, value);
        CRC32C crc = new CRC32C();
        crc.update(lying, 0, lying.length - Integer.BYTES);
        bytes.putInt(lying.length - Integer.BYTES, (int) crc.getValue());
        assertEquals(Optional.empty(), SnapshotChunks.read(GENERATION, 0, lying));
      }
    }
  }

  @Test
  void manifest_opensUnderItsKeyOnly() {
    SnapshotManifest manifest = new SnapshotManifest(GENERATION, 3, 4, 5, COVERS);
    byte[] sealed = manifest.seal(sealer, "p:{s01}:snapshot:01");
    Sealer reader = new Sealer(secret, "model", 8);
    assertEquals(
        Optional.of(manifest), SnapshotManifest.open(reader, "p:{s01}:snapshot:01", sealed));
    assertEquals(Optional.empty(), SnapshotManifest.open(reader, "p:{s01}:snapshot:02", sealed));
    // A snapshot is of all embedders.
    assertEquals(
        Optional.of(manifest),
        SnapshotManifest.open(new Sealer(secret, "other", 8), "p:{s01}:snapshot:01", sealed));
    byte[] otherSecret = secret.clone();
    otherSecret[0] ^= 1;
    assertEquals(
        Optional.empty(),
        SnapshotManifest.open(new Sealer(otherSecret, "model", 8), "p:{s01}:snapshot:01", sealed));
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      assertEquals(
          Optional.empty(),
          SnapshotManifest.open(reader, "p:{s01}:snapshot:01", RandomRecords.flipped(sealed, bit)));
    }
  }

  @Test
  void manifestOfImpossibleCounts_orAnotherKind_isRefused() {
    for (SnapshotManifest impossible :
        List.of(
            new SnapshotManifest(1, -1, 1, 1, COVERS),
            new SnapshotManifest(1, 1, -1, 1, COVERS),
            new SnapshotManifest(1, 1, 1, -1, COVERS))) {
      byte[] sealed = impossible.seal(sealer, "key");
      assertEquals(Optional.empty(), SnapshotManifest.open(sealer, "key", sealed));
    }
    byte[] other = sealer.wrap(RecordCodec.CALL, "key", new byte[60]).bytes();
    assertEquals(Optional.empty(), SnapshotManifest.open(sealer, "key", other));
  }
}
