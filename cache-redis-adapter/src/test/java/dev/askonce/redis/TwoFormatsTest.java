package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RawRedis;
import dev.askonce.redis.rig.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** Caches of today's version where a later one writes to the same logs. */
class TwoFormatsTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final int NEWER = 40;
  private static final int SNAPSHOT_EVERY = 30;

  @TempDir Path directory;

  private final RedisProcess server = new RedisProcess();
  private RawRedis raw;
  private Fleet fleet;

  @BeforeEach
  void open() {
    raw = new RawRedis(server);
    fleet = new Fleet(server.uri(), directory);
    fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(SNAPSHOT_EVERY);
  }

  @AfterEach
  void close() {
    fleet.close();
    raw.close();
    server.close();
  }

  /** {@return what a later version may write: today's header with another number, and anything} */
  private static byte[] newer(int number) {
    byte[] record = new byte[100];
    Arrays.fill(record, (byte) number);
    System.arraycopy("AOL1".getBytes(StandardCharsets.US_ASCII), 0, record, 0, 4);
    record[4] = 2;
    return record;
  }

  private List<byte[]> newerOf(List<byte[]> records) {
    return records.stream().filter(record -> record[4] == 2).toList();
  }

  @Test
  void newerRecords_areSkippedAndKept_andAskNobodyToRepairAnything() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q0", Answer.text("x0"));
    b.awaitAnswer(SCOPE, "q0", "x0");
    a.awaitPublished();
    LogStream log = raw.logs().getFirst();
    for (int i = 0; i < NEWER; i++) {
      raw.add(log, newer(i));
      raw.add(raw.control(), newer(i));
    }
    for (int i = 1; i < 10; i++) {
      a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
      b.awaitAnswer(SCOPE, "q" + i, "x" + i);
    }
    for (Fleet.Member member : List.of(a, b)) {
      Await.until(
          () -> "all are counted: " + member.stats(),
          () -> member.stats().skippedNewer() >= 2 * NEWER);
      assertEquals(0, member.stats().skippedUnsealed() + member.stats().skippedForeign());
    }
    Await.until("a snapshot", () -> a.stats().snapshots() + b.stats().snapshots() > 0);
    List<byte[]> kept = new ArrayList<>();
    raw.chunks().forEach(chunk -> kept.addAll(raw.recordsOf(chunk)));
    assertEquals(NEWER, newerOf(kept).size());
    for (int i = 0; i < NEWER; i++) {
      assertArrayEquals(newer(i), newerOf(kept).get(i), "in their order, as they were");
    }
    assertEquals(NEWER, newerOf(raw.records(log, 1_000)).size(), "and in the log for a while");

    // Who joins takes what it can read, and finds nothing that the log lacks.
    long puts = puts(log);
    Fleet.Member fresh = fleet.member("fresh");
    for (int i = 0; i < 10; i++) {
      fresh.awaitAnswer(SCOPE, "q" + i, "x" + i);
    }
    Await.until("it has joined", () -> fresh.stats().scopesJoining() == 0);
    assertEquals(0, fresh.stats().queued() + fresh.stats().losses());
    for (Fleet.Member member : List.of(a, b)) {
      assertEquals(0, member.stats().losses() + member.stats().chunksMissing());
      // The control log, and the scope once.
      assertEquals(2, member.stats().joins(), () -> "" + member.stats());
    }
    assertEquals(puts, puts(log), "nobody has published anything again");
  }

  private long puts(LogStream log) {
    Sealer sealer = new Sealer(Fleet.secret((byte) 1), "", 0);
    return raw.records(log, 1_000).stream()
        .map(record -> sealer.openOfAny(log, record))
        .filter(
            opening ->
                opening instanceof Opening.Opened opened
                    && opened.record() instanceof LogRecord.Put)
        .count();
  }

  @Test
  void newerSnapshot_isLeftAlone_andTodaysCachesGoOnByTheLog() {
    Fleet.Member a = fleet.member("a");
    a.cache().put(SCOPE, "q0", Answer.text("x0"));
    a.awaitPublished();
    LogStream log = raw.logs().getFirst();
    String name = log.name().replace(":log:", ":snap:");
    raw.set(name, newer(1));
    for (int i = 0; i < 2 * SNAPSHOT_EVERY; i++) {
      a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
    }
    a.awaitPublished();
    long before = unlinks();
    // The right to make a snapshot is given back each time.
    Await.until("it was tried twice", () -> unlinks() >= before + 2);
    assertArrayEquals(newer(1), raw.get(name));
    assertEquals(0, a.stats().snapshots());
    assertTrue(raw.records(log, 1_000).size() >= 2 * SNAPSHOT_EVERY, "nothing was cut off");
    long puts = puts(log);
    Fleet.Member b = fleet.member("b");
    for (int i = 0; i < 2 * SNAPSHOT_EVERY; i++) {
      b.awaitAnswer(SCOPE, "q" + i, "x" + i);
    }
    assertEquals(0, a.stats().losses() + b.stats().losses() + b.stats().skippedUnsealed());
    assertEquals(puts, puts(log), "nobody has published anything again");
    try (RedisInstallation installation =
        RedisInstallation.at(server.uri()).secret(Fleet.secret((byte) 1)).open()) {
      assertEquals(new RebuildReport(0, 0, 0, 0, 0, 1), installation.rebuild(done -> {}));
    }
    assertArrayEquals(newer(1), raw.get(name));
    // Once it is gone, today's caches make one again.
    server.command(Command.DEL, name);
    Await.until("a snapshot", () -> a.stats().snapshots() + b.stats().snapshots() > 0);
  }

  private long unlinks() {
    String stats =
        new String((byte[]) server.command(Command.INFO, "commandstats"), StandardCharsets.UTF_8);
    Matcher calls = Pattern.compile("cmdstat_unlink:calls=([0-9]+)").matcher(stats);
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }
}
