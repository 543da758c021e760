package dev.askonce.redis.internal.log;

import dev.askonce.engine.Answer;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.fuzz.Target;
import dev.askonce.redis.internal.server.StreamId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What arrives from a server, or lies beside a store: bodies of records, chunks of snapshots,
 * checkpoints. What decodes means the same when it is written again, and nothing that is not sealed
 * opens.
 */
public final class LogTarget implements Target {
  private static final int DIMENSION = 2;
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final LogStream STREAM = LogStream.of("p:{s02}:log:1", SCOPE);
  private static final int CHECKPOINT = 5;
  private static final int CHUNK = 6;
  private static final int READERS = 8;

  private final Sealer sealer = new Sealer(new byte[KeyedHash.SECRET_BYTES], "f", DIMENSION);

  /* An input: which reader, then what it reads; checksums are made right. */

  @Override
  public void run(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int reader = Math.floorMod(input[0], READERS);
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    Target.require(
        sealer.open(STREAM, bytes) instanceof Opening.Skipped, "a record that nobody sealed");
    switch (reader) {
      case CHECKPOINT -> checkpoint(withChecksum(bytes));
      case CHUNK -> chunk(withChecksum(bytes));
      default -> record(reader, bytes);
    }
  }

  private static void record(int kind, byte[] body) {
    RecordCodec.decode(kind, body, DIMENSION)
        .ifPresent(
            record -> {
              Target.require(RecordCodec.kind(record) == kind, "another kind");
              Target.require(Arrays.equals(RecordCodec.encode(record), body), "another record");
            });
  }

  private static void checkpoint(byte[] bytes) {
    Optional<Checkpoint> read = Checkpoint.decode(bytes);
    read.ifPresent(
        checkpoint ->
            Target.require(Checkpoint.decode(checkpoint.encode()).equals(read), "another one"));
  }

  private static void chunk(byte[] bytes) {
    SnapshotChunks.read(7, 0, bytes)
        .ifPresent(
            records -> {
              List<byte[]> chunks = new ArrayList<>();
              SnapshotChunks.Cutter cutter =
                  new SnapshotChunks.Cutter(
                      7, Integer.MAX_VALUE, (number, chunk) -> chunks.add(chunk));
              records.forEach(cutter::add);
              cutter.finish(StreamId.ZERO);
              Target.require(
                  records.isEmpty() || Arrays.equals(chunks.getFirst(), bytes), "another chunk");
            });
  }

  private static byte[] withChecksum(byte[] bytes) {
    int end = bytes.length - Integer.BYTES;
    if (end >= 0) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, end);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) crc.getValue());
    }
    return bytes;
  }

  @Override
  public List<byte[]> seeds() {
    ReplicaEntry entry =
        new ReplicaEntry(
            SCOPE,
            new Hash128(3, 4),
            5,
            6,
            7,
            8,
            new long[] {9},
            10,
            Optional.of("why?"),
            Optional.of(new float[] {0, 1}),
            Answer.text("yes"));
    List<byte[]> seeds = new ArrayList<>();
    for (LogRecord record :
        List.of(
            new LogRecord.Put(entry),
            new LogRecord.Remove(Removal.scope(SCOPE, 1), 2),
            new LogRecord.Remove(Removal.named(Removal.Kind.TAG, 1, 2), 3),
            new LogRecord.Touches(SCOPE, List.of(SCOPE)),
            new LogRecord.Call(SCOPE))) {
      seeds.add(input(RecordCodec.kind(record), RecordCodec.encode(record)));
    }
    Checkpoint checkpoint =
        new Checkpoint(Map.of(SCOPE, new StreamId(1, 2)), new StreamId(3, 4), 5, 6);
    seeds.add(input(CHECKPOINT, checkpoint.encode()));
    SnapshotChunks.Cutter cutter =
        new SnapshotChunks.Cutter(7, 1000, (number, chunk) -> seeds.add(input(CHUNK, chunk)));
    cutter.add(new byte[] {1, 2, 3});
    cutter.add(new byte[0]);
    cutter.finish(StreamId.ZERO);
    return seeds;
  }

  private static byte[] input(int reader, byte[] bytes) {
    return ByteBuffer.allocate(1 + bytes.length).put((byte) reader).put(bytes).array();
  }
}
