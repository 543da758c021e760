package dev.askonce.bench.replication;

import dev.askonce.redis.rig.FaultyProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Damages replies at random, and counts. Threading: any thread. */
final class Faults implements FaultyProxy.Fault {
  private static final FaultKind[] OF_REPLIES = {
    FaultKind.CUT,
    FaultKind.HALF_REPLY,
    FaultKind.STALL,
    FaultKind.DELAY,
    FaultKind.DELAY,
    FaultKind.TWICE,
    FaultKind.SWAP,
    FaultKind.GARBAGE
  };
  private static final String[] GARBAGE = {
    "$-1\r\n", "*0\r\n", "*-1\r\n", "+OK\r\n", ":1\r\n", "-ERR what\r\n", "$3\r\nabc\r\n", "\0\1\2"
  };
  private static final long DELAY_NANOS_MAX = 20_000_000;

  private final Map<FaultKind, AtomicLong> counts = new EnumMap<>(FaultKind.class);
  private final Random random;
  private byte[] held;

  /** Of all chunks of replies, those that are damaged. */
  private volatile double share;

  Faults(long seed) {
    random = new Random(seed);
    for (FaultKind kind : FaultKind.values()) {
      counts.put(kind, new AtomicLong());
    }
  }

  void share(double value) {
    share = value;
  }

  void add(FaultKind kind) {
    counts.get(kind).incrementAndGet();
  }

  long count(FaultKind kind) {
    return counts.get(kind).get();
  }

  long total() {
    return counts.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** {@return how often a replica has taken its primary's place because that was drawn} */
  long failovers() {
    return count(FaultKind.FAILOVER) + count(FaultKind.TAIL_LOSS);
  }

  Map<String, Long> counts() {
    Map<String, Long> named = new TreeMap<>();
    counts.forEach((kind, count) -> named.put(kind.name(), count.get()));
    return named;
  }

  @Override
  public void reply(byte[] chunk, OutputStream client) throws IOException {
    FaultKind kind = null;
    int choice = 0;
    byte[] before = null;
    synchronized (this) {
      if (random.nextDouble() < share) {
        kind = OF_REPLIES[random.nextInt(OF_REPLIES.length)];
        choice = random.nextInt(1 << 20);
      }
      if (kind == FaultKind.SWAP) {
        before = held;
        held = before == null ? chunk : null;
      }
    }
    if (kind == null) {
      client.write(chunk);
      return;
    }
    add(kind);
    switch (kind) {
      case CUT -> throw new IOException("cut");
      case HALF_REPLY -> {
        client.write(chunk, 0, choice % (chunk.length + 1));
        if (choice % 3 != 0) {
          throw new IOException("cut");
        }
      }
      case DELAY -> {
        LockSupport.parkNanos(choice * 1_000L % DELAY_NANOS_MAX);
        client.write(chunk);
      }
      case TWICE -> {
        client.write(chunk);
        client.write(chunk);
      }
      case SWAP -> {
        // The first waits for the second, and goes to whom that one was meant for, in its place.
        if (before != null) {
          client.write(before);
        }
      }
      case GARBAGE ->
          client.write(GARBAGE[choice % GARBAGE.length].getBytes(StandardCharsets.ISO_8859_1));
      default -> {
        // Nothing arrives.
      }
    }
  }
}
