package dev.askonce.redis.internal.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.Tombstones;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of records of other caches. */
class ApplierTest {
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final Hash128 KEY = new Hash128(3, 4);
  private static final long NEVER = Long.MAX_VALUE;

  @TempDir Path directory;

  private final FakeReplica replica = new FakeReplica();
  private final Counters counters = new Counters();
  private final Subscription stream = new Subscription(new Keys("test").log(SCOPE), 2, false);
  private final List<Hash128> arrived = new ArrayList<>();
  private final List<Subscription> called = new ArrayList<>();
  private Tombstones tombstones;
  private Sealer own;
  private Sealer others;
  private Applier applier;

  @BeforeEach
  void open() {
    tombstones = Tombstones.open(directory, () -> 0);
    own = new Sealer(new byte[32], replica.vectorFingerprint(), replica.dimension());
    others = new Sealer(new byte[32], replica.vectorFingerprint(), replica.dimension());
    applier = new Applier(own, replica, tombstones, counters, arrived::add, called::add);
    stream.phase.set(Subscription.Phase.LIVE);
  }

  @AfterEach
  void close() {
    tombstones.close();
  }

  private void apply(Sealer origin, LogRecord record) {
    applier.apply(stream, origin.seal(stream.stream, record).bytes());
  }

  private ReplicaEntry entry(long version) {
    return FakeReplica.entry(SCOPE, KEY, version, "x");
  }

  private LogRecord.Remove removal(long version) {
    return new LogRecord.Remove(Removal.entry(SCOPE, KEY, version), NEVER);
  }

  @Test
  void ownRecord_isSeen_andNotApplied() {
    Sealer.Sealed sealed = own.seal(stream.stream, new LogRecord.Put(entry(1)));
    stream.echoes.await(sealed.counter(), 0, false);
    assertTrue(applier.apply(stream, sealed.bytes()).isPresent());
    assertTrue(stream.echoes.isEmpty());
    assertTrue(replica.entries.isEmpty());
  }

  @Test
  void entryOfOthers_isStored_andToldToWhoWaits() {
    apply(others, new LogRecord.Put(entry(1)));
    assertEquals(List.of(KEY), arrived);
    assertTrue(replica.entries.containsKey(KEY));
  }

  @Test
  void removalThatFailedHalfWay_isDoneWhenItIsReadAgain() {
    replica.put(entry(5));
    replica.failure = new InternalError("a fault in a mapped page");
    assertThrows(InternalError.class, () -> apply(others, removal(5)));
    assertTrue(replica.entries.containsKey(KEY));
    apply(others, removal(5));
    assertFalse(replica.entries.containsKey(KEY));
    assertEquals(1, counters.removals.sum());
  }

  @Test
  void removalThatIsKnown_isDoneAgain_onlyWhileAScopeIsJoinedAfterAKill() {
    tombstones.add(removal(5).removal(), NEVER);
    replica.put(entry(5));
    apply(others, removal(5));
    stream.phase.set(Subscription.Phase.JOINING);
    apply(others, removal(5));
    assertTrue(replica.entries.containsKey(KEY));
    applier.removeAgain();
    apply(others, removal(5));
    assertFalse(replica.entries.containsKey(KEY));
  }

  @Test
  void entryThatCannotBeStored_keepsNothingWaiting_andWhatItReplacesGoes() {
    replica.put(entry(5));
    replica.unreadable = KEY;
    apply(others, new LogRecord.Put(entry(6)));
    assertEquals(1, counters.entries.get(Replica.Outcome.REFUSED).sum());
    assertTrue(replica.entries.isEmpty());
  }

  @Test
  void removalFromTheFuture_reachesAllTheWayWhenItsTimeHasCome() {
    long version = replica.nowMillis + 600_000;
    apply(others, removal(version));
    assertEquals(replica.nowMillis + 290_001, tombstones.versionMin());
    assertFalse(stream.wantsRereading(replica.nowMillis));
    replica.nowMillis += 331_000;
    assertTrue(stream.wantsRereading(replica.nowMillis));
    apply(others, removal(version));
    assertEquals(version + 1, tombstones.versionMin());
  }

  @Test
  void call_isPassedOn() {
    apply(others, new LogRecord.Call(SCOPE));
    assertEquals(List.of(stream), called);
  }
}
