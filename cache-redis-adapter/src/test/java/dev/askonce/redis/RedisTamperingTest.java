package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.SnapshotManifest;
import dev.askonce.redis.internal.server.StreamId;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RawRedis;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/**
 * Somebody writes to the server who knows all that caches know but the secret: it is counted, it is
 * never served, and what it hides comes back.
 */
class RedisTamperingTest extends FleetFixture {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Scope OTHER = SCOPE.with("n", "1");
  private static final int ENTRIES = 30;

  /** So long that a snapshot has several parts. */
  private static final String LONG = "x".repeat(40_000);

  private final Sealer reader = new Sealer(Fleet.secret((byte) 1), "", 0);
  private final Sealer forger = new Sealer(Fleet.secret((byte) 9), "texts", 32);
  private RawRedis raw;

  @BeforeEach
  void openRaw() {
    raw = new RawRedis(server);
  }

  @AfterEach
  void closeRaw() {
    raw.close();
  }

  private ReplicaEntry entry(LogStream log) {
    Opening opening = reader.openOfAny(log, raw.records(log, 1).getFirst());
    return ((LogRecord.Put) ((Opening.Opened) opening).record()).entry();
  }

  private static ReplicaEntry with(ReplicaEntry entry, Answer answer) {
    return new ReplicaEntry(
        entry.scope(),
        entry.key(),
        entry.version() + 1,
        entry.expiresMillis(),
        entry.tenant(),
        entry.principal(),
        entry.tags(),
        entry.savedNanoDollars(),
        entry.text(),
        entry.vector(),
        answer);
  }

  @Test
  void recordsOfAForeignSecret_areCountedAndNeitherServedNorObeyed() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "q", Answer.text("x"));
    b.awaitAnswer(SCOPE, "q", "x");
    a.awaitPublished();
    LogStream log = raw.logs().getFirst();
    ReplicaEntry real = entry(log);
    long later = real.version() + 2;
    List<LogRecord> forged =
        List.of(
            new LogRecord.Put(with(real, Answer.text("forged"))),
            new LogRecord.Remove(Removal.entry(real.scope(), real.key(), later), Long.MAX_VALUE),
            new LogRecord.Touches(real.scope(), List.of(real.key())),
            new LogRecord.Call(real.scope()));
    forged.forEach(record -> raw.add(log, forger.seal(log, record).bytes()));
    LogStream control = raw.control();
    Removal tenant = Removal.named(Removal.Kind.TENANT, real.tenant(), later);
    raw.add(control, forger.seal(control, new LogRecord.Remove(tenant, Long.MAX_VALUE)).bytes());
    raw.add(control, forger.seal(control, new LogRecord.Call(Hash128.ZERO)).bytes());
    Fleet.Member fresh = fleet.member("fresh");
    for (Fleet.Member member : List.of(a, b, fresh)) {
      Await.until(
          () -> "all are counted: " + member.stats(),
          () -> {
            boolean isServed = member.cache().lookup(SCOPE, "q").isHit();
            assertTrue(!isServed || member.has(SCOPE, "q", "x"));
            return isServed && member.stats().skippedUnsealed() >= forged.size() + 2;
          });
      assertEquals(0, member.stats().removals() + member.stats().touches());
      assertTrue(member.has(SCOPE, "q", "x"));
    }
  }

  /** {@return a cache whose scope is in a snapshot of several parts, and not in the log} */
  private Fleet.Member snapshot() {
    fleet.settings = builder -> Fleet.quick(builder).snapshotEvery(ENTRIES - 5);
    Fleet.Member member = fleet.member("a");
    putAll(member, LONG);
    member.awaitPublished();
    Await.until(() -> "a snapshot: " + member.stats(), () -> member.stats().snapshots() > 0);
    fleet.settings = Fleet::quick;
    raw.logs().forEach(raw::forget);
    return member;
  }

  private static void putAll(Fleet.Member member, String answer) {
    for (int i = 0; i < ENTRIES; i++) {
      member.cache().put(SCOPE, "q" + i, Answer.text(answer + i));
    }
  }

  private static void awaitAll(Fleet.Member member, String answer) {
    for (int i = 0; i < ENTRIES; i++) {
      member.awaitAnswer(SCOPE, "q" + i, answer + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"swapped", "forged"})
  void chunks_thatSomebodyWrote_areCountedAndTheirEntriesComeBack(String how) {
    snapshot();
    List<String> chunks = raw.chunks();
    assertTrue(chunks.size() > 1, "" + chunks);
    String chunk = chunks.get(0);
    byte[] other = raw.get(chunks.get(1));
    List<byte[]> records = raw.recordsOf(chunk);
    if (how.equals("swapped")) {
      raw.set(chunks.get(1), raw.get(chunk));
      raw.set(chunk, other);
    } else {
      // As many and as long as before.
      LogRecord real = new LogRecord.Put(entry(raw.logs().getFirst()));
      byte[] forged = forger.seal(raw.logOf(chunk), real).bytes();
      records.replaceAll(record -> Arrays.copyOf(forged, record.length));
      raw.write(chunk, records);
    }
    Fleet.Member fresh = fleet.member("fresh");
    awaitAll(fresh, LONG);
    assertTrue(fresh.stats().chunksMissing() > 0, () -> "" + fresh.stats());
    long expected = how.equals("forged") ? records.size() : 0;
    assertTrue(fresh.stats().skippedUnsealed() >= expected, () -> "" + fresh.stats());
  }

  @Test
  void manifest_thatSomebodyWrote_isCountedAndWhatItHidesComesBack() {
    Fleet.Member a = snapshot();
    String name = raw.manifest();
    raw.set(name, new SnapshotManifest(7, 0, 0, 0, StreamId.MAX).seal(forger, name));
    Fleet.Member fresh = fleet.member("fresh");
    awaitAll(fresh, LONG);
    assertTrue(fresh.stats().skippedUnsealed() > 0, () -> "" + fresh.stats());
    // It is replaced, and not read anew for ever.
    Await.until(
        () -> "another snapshot: " + a.stats() + fresh.stats(),
        () -> SnapshotManifest.open(reader, name, raw.get(name)).isPresent());
    Fleet.Member late = fleet.member("late");
    awaitAll(late, LONG);
    assertEquals(0, late.stats().skippedUnsealed());
  }

  @Test
  void snapshotThatWasReplaced_putBack_bringsNothingBack() {
    Fleet.Member a = snapshot();
    Map<String, byte[]> before = new HashMap<>();
    before.put(raw.manifest(), raw.get(raw.manifest()));
    raw.chunks().forEach(chunk -> before.put(chunk, raw.get(chunk)));
    a.cache().invalidate(a.cache().lookup(SCOPE, "q3").hit().orElseThrow().id());
    a.cache().put(SCOPE, "q4", Answer.text("newer"));
    long made = a.stats().snapshots();
    for (int i = 0; i < ENTRIES; i++) {
      a.cache().put(SCOPE, "more", Answer.text("y" + i));
    }
    Await.until(() -> "another snapshot: " + a.stats(), () -> a.stats().snapshots() > made);
    a.awaitPublished();
    before.forEach(raw::set);
    Fleet.Member fresh = fleet.member("fresh");
    fresh.awaitAnswer(SCOPE, "q29", LONG + 29);
    fresh.awaitAnswer(SCOPE, "q4", "newer");
    fresh.awaitAnswer(SCOPE, "more", "y" + (ENTRIES - 1));
    assertFalse(fresh.cache().lookup(SCOPE, "q3").isHit());
    assertTrue(fresh.stats().entriesRemoved() > 0, () -> "" + fresh.stats());
  }

  /** It costs a wait that the caller has given, and nothing else. */
  @Test
  void leaseOfNobody_isWaitedForNoLongerThanTheCallerWants() {
    Fleet.Member a = fleet.member("a");
    LoadTicket leader = a.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    String lease = raw.keys("lease").getFirst();
    leader.fail();
    Await.until("the lease is given back", () -> raw.keys("lease").isEmpty());
    raw.set(lease, forger.seal(raw.control(), new LogRecord.Call(Hash128.ZERO)).bytes());
    LoadTicket follower = a.cache().acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    assertEquals(LoadTicket.Role.FOLLOWER, follower.role());
    assertEquals(LoadTicket.Role.ALONE, follower.await(Duration.ofMillis(200)));
    assertTrue(follower.fulfil(Answer.text("x"), PutOptions.DEFAULTS).isPresent());
    assertTrue(a.has(SCOPE, "q", "x"));
    try (LoadTicket another = a.cache().acquire(SCOPE, "q2", LookupOptions.DEFAULTS)) {
      assertEquals(LoadTicket.Role.LEADER, another.role());
    }
  }

  /** A reply of it alone is over the limit of all replies. */
  @Test
  void recordThatIsTooLargeToRead_isGonePast() {
    Fleet.Member a = fleet.member("a");
    Fleet.Member b = fleet.member("b");
    a.cache().put(SCOPE, "before", Answer.text("x"));
    b.awaitAnswer(SCOPE, "before", "x");
    LogStream log = raw.logs().getFirst();
    for (LogStream stream : List.of(log, raw.control())) {
      byte[][] arguments = new byte[12][];
      Arrays.fill(arguments, new byte[4 << 20]);
      arguments[0] = RawRedis.bytes(stream.name());
      arguments[1] = RawRedis.bytes("*");
      raw.send(Command.XADD, arguments);
    }
    a.cache().put(SCOPE, "after", Answer.text("y"));
    b.awaitAnswer(SCOPE, "after", "y");
    Fleet.Member fresh = fleet.member("fresh");
    fresh.awaitAnswer(SCOPE, "before", "x");
    fresh.awaitAnswer(SCOPE, "after", "y");
    assertTrue(fresh.stats().skippedUnsealed() >= 2, () -> "" + fresh.stats());
    try (RedisInstallation installation =
        RedisInstallation.at(server.uri()).secret(Fleet.secret((byte) 1)).open()) {
      assertEquals(2, installation.status().records().orElseThrow().unsealed());
    }
  }

  @Test
  void repliesOfOthers_areNeverTakenForTheirs() {
    try (FaultyProxy proxy = new FaultyProxy(server.port())) {
      Fleet.Member a = fleet.memberAt("a", proxy.uri());
      Fleet.Member b = fleet.memberAt("b", proxy.uri());
      proxy.fault(FaultyProxy.swap());
      for (int i = 0; i < ENTRIES; i++) {
        a.cache().put(SCOPE, "q" + i, Answer.text("x" + i));
        b.cache().put(OTHER, "q" + i, Answer.text("y" + i));
      }
      Await.until(
          () -> "swapped replies are noticed: " + a.stats(), () -> !a.stats().troubles().isEmpty());
      proxy.fault(FaultyProxy.NONE);
      Fleet.Member c = fleet.member("c");
      for (Fleet.Member member : List.of(a, b, c)) {
        for (int i = 0; i < ENTRIES; i++) {
          member.awaitAnswer(SCOPE, "q" + i, "x" + i);
          member.awaitAnswer(OTHER, "q" + i, "y" + i);
        }
        assertEquals(0, member.stats().skippedUnsealed(), () -> "" + member.stats());
      }
    }
  }
}
