package dev.askonce.redis.internal.log;

import dev.askonce.engine.Answer;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.server.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Records of all kinds, odd ones included: no text, no vector, empty answers, half characters. */
final class RandomRecords {
  static final int DIMENSION = 8;

  private static final List<String> PIECES =
      List.of("a", "é", "漢", "😀", "\uD83D", "\uDE00", "\u0000", " ", "\uFFFF");

  private final Random random;

  RandomRecords(Random random) {
    this.random = random;
  }

  Hash128 hash() {
    return new Hash128(random.nextLong(), random.nextLong());
  }

  LogRecord record(Hash128 scope) {
    return switch (random.nextInt(4)) {
      case 0 -> new LogRecord.Put(entry(scope));
      case 1 -> new LogRecord.Remove(removal(scope), random.nextLong());
      case 2 ->
          new LogRecord.Touches(
              scope, Stream.generate(this::hash).limit(random.nextInt(5)).toList());
      default -> new LogRecord.Call(scope);
    };
  }

  Removal removal(Hash128 scope) {
    Removal.Kind kind = Removal.Kind.values()[random.nextInt(Removal.Kind.values().length)];
    return switch (kind) {
      case ENTRY -> Removal.entry(scope, hash(), random.nextLong());
      case SCOPE -> Removal.scope(scope, random.nextLong());
      case TAG, TENANT, PRINCIPAL -> Removal.named(kind, random.nextLong(), random.nextLong());
    };
  }

  ReplicaEntry entry(Hash128 scope) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = Float.intBitsToFloat(random.nextInt());
    }
    byte[] body = new byte[random.nextInt(40)];
    random.nextBytes(body);
    return new ReplicaEntry(
        scope,
        hash(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.longs(random.nextInt(17)).toArray(),
        random.nextLong(),
        random.nextBoolean() ? Optional.of(text(random.nextInt(20))) : Optional.empty(),
        random.nextBoolean() ? Optional.of(vector) : Optional.empty(),
        new Answer(text(random.nextInt(20)), body));
  }

  private String text(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  StreamId position() {
    return new StreamId(random.nextLong(), random.nextLong());
  }

  Checkpoint checkpoint(int scopes) {
    Map<Hash128, StreamId> positions = new HashMap<>();
    for (int i = 0; i < scopes; i++) {
      positions.put(hash(), position());
    }
    return new Checkpoint(positions, position(), random.nextLong(), random.nextLong());
  }

  /** An entry of which only what removals look at matters. */
  static ReplicaEntry entry(
      Hash128 scope, Hash128 key, long version, long tenant, long principal, long... tags) {
    return new ReplicaEntry(
        scope,
        key,
        version,
        Long.MAX_VALUE,
        tenant,
        principal,
        tags,
        0,
        Optional.empty(),
        Optional.empty(),
        Answer.text("x"));
  }

  /** A small record with every field. */
  static LogRecord.Put small(Hash128 scope) {
    float[] vector = new float[DIMENSION];
    Arrays.fill(vector, 0.25f);
    return new LogRecord.Put(
        new ReplicaEntry(
            scope,
            new Hash128(3, 4),
            5,
            6,
            7,
            8,
            new long[] {9, 10},
            11,
            Optional.of("why? \uD83D"),
            Optional.of(vector),
            new Answer("text/plain", "because".getBytes(StandardCharsets.UTF_8))));
  }

  /** {@return the bytes with one bit changed} */
  static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }
}
