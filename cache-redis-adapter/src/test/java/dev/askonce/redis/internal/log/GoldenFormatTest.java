package dev.askonce.redis.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Removal;
import dev.askonce.redis.internal.server.StreamId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes of format version 1 in {@code format-1.properties}, made on 29 November 2026: every later
 * build must read them. They are written by the same code, so that a change of the format that
 * forgets its version is seen; a build with another version drops those assertions, never the file.
 */
class GoldenFormatTest {
  private static final Hash128 SCOPE = new Hash128(0x0102030405060708L, -2);
  private static final LogStream STREAM = LogStream.of("askonce:{s42}:log:golden", SCOPE);
  private static final String EMBEDDER = "golden embedder";
  private static final Hash128 ORIGIN = new Hash128(0x1112131415161718L, 0x2122232425262728L);
  private static final String MANIFEST_KEY = "askonce:{s42}:snapshot:golden";
  private static final SnapshotManifest MANIFEST =
      new SnapshotManifest(7, 1, 5, 1_234, new StreamId(1_764_000_000_000L, 3));
  private static final Checkpoint CHECKPOINT =
      new Checkpoint(
          Map.of(SCOPE, new StreamId(1_764_000_000_000L, 3)),
          new StreamId(6, -1),
          77,
          1_764_000_000_001L);

  /** One of each kind, and of each kind of removal; the key is the property's name. */
  private static final Map<String, LogRecord> RECORDS = new LinkedHashMap<>();

  static {
    RECORDS.put("put", RandomRecords.small(SCOPE));
    RECORDS.put("put.bare", new LogRecord.Put(RandomRecords.entry(SCOPE, ORIGIN, 1, 2, 0)));
    RECORDS.put("remove.entry", new LogRecord.Remove(Removal.entry(SCOPE, ORIGIN, 11), 12));
    RECORDS.put("remove.scope", new LogRecord.Remove(Removal.scope(SCOPE, 13), 14));
    RECORDS.put("remove.tag", named(Removal.Kind.TAG, 15));
    RECORDS.put("remove.tenant", named(Removal.Kind.TENANT, 16));
    RECORDS.put("remove.principal", named(Removal.Kind.PRINCIPAL, 17));
    RECORDS.put("touches", new LogRecord.Touches(SCOPE, List.of(ORIGIN, SCOPE)));
    RECORDS.put("call", new LogRecord.Call(SCOPE));
  }

  @TempDir Path directory;

  private static LogRecord named(Removal.Kind kind, long name) {
    return new LogRecord.Remove(Removal.named(kind, name, 18), 19);
  }

  private static byte[] secret() {
    byte[] secret = new byte[KeyedHash.SECRET_BYTES];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (3 * i);
    }
    return secret;
  }

  /** {@return what this build writes, by name} */
  private Map<String, byte[]> written() throws IOException {
    Sealer sealer = new Sealer(secret(), EMBEDDER, RandomRecords.DIMENSION, ORIGIN);
    Map<String, byte[]> written = new LinkedHashMap<>();
    RECORDS.forEach((name, record) -> written.put(name, sealer.seal(STREAM, record).bytes()));
    written.put("manifest", MANIFEST.seal(sealer, MANIFEST_KEY));
    SnapshotChunks.Cutter cutter =
        new SnapshotChunks.Cutter(7, 1_000, (number, chunk) -> written.put("chunk", chunk));
    cutter.add(new byte[] {1, 2, 3});
    cutter.add(new byte[0]);
    cutter.finish(StreamId.ZERO);
    written.put("checkpoint", CHECKPOINT.encode());
    try (Tombstones tombstones = Tombstones.open(directory, () -> 0)) {
      for (LogRecord record : RECORDS.values()) {
        if (record instanceof LogRecord.Remove remove) {
          tombstones.add(remove.removal(), remove.keepUntilMillis());
        }
      }
    }
    written.put("removals", Files.readAllBytes(Tombstones.file(directory)));
    return written;
  }

  private static Map<String, byte[]> golden() throws IOException {
    Properties lines = new Properties();
    try (InputStream in = GoldenFormatTest.class.getResourceAsStream("format-1.properties")) {
      lines.load(in);
    }
    Map<String, byte[]> golden = new HashMap<>();
    for (String name : lines.stringPropertyNames()) {
      golden.put(name, HexFormat.of().parseHex(lines.getProperty(name)));
    }
    return golden;
  }

  @Test
  void goldenBytes_areRead() throws IOException {
    Map<String, byte[]> golden = golden();
    Sealer sealer = new Sealer(secret(), EMBEDDER, RandomRecords.DIMENSION);
    long counter = 0;
    for (Map.Entry<String, LogRecord> expected : RECORDS.entrySet()) {
      assertEquals(
          new Opening.Opened(ORIGIN, ++counter, expected.getValue()),
          sealer.open(STREAM, golden.get(expected.getKey())),
          expected.getKey());
    }
    assertEquals(
        Optional.of(MANIFEST), SnapshotManifest.open(sealer, MANIFEST_KEY, golden.get("manifest")));
    List<byte[]> records = SnapshotChunks.read(7, 0, golden.get("chunk")).orElseThrow();
    assertEquals(2, records.size());
    assertArrayEquals(new byte[] {1, 2, 3}, records.getFirst());
    assertEquals(Optional.of(CHECKPOINT), Checkpoint.decode(golden.get("checkpoint")));
    Files.write(Tombstones.file(directory), golden.get("removals"));
    List<LogRecord> removals = new ArrayList<>();
    try (Tombstones tombstones = Tombstones.open(directory, () -> 0)) {
      tombstones.forEach((removal, until) -> removals.add(new LogRecord.Remove(removal, until)));
    }
    assertEquals(5, removals.size());
    RECORDS.values().stream()
        .filter(LogRecord.Remove.class::isInstance)
        .forEach(record -> assertEquals(true, removals.contains(record), record.toString()));
  }

  @Test
  void writtenBytes_areTheGoldenOnes() throws IOException {
    Map<String, byte[]> golden = golden();
    Map<String, byte[]> written = written();
    assertEquals(golden.keySet(), written.keySet());
    written.forEach((name, bytes) -> assertArrayEquals(golden.get(name), bytes, name));
  }
}
