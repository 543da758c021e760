package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.store.AppendOnlyResponseStore;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.Superblock;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches that tell each other what they put and remove. */
class ReplicationTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Scope OTHER = Scope.tenant("globex");

  @TempDir Path directory;

  private final List<House> houses = new ArrayList<>();
  private House a;
  private House b;

  private record House(CacheHouse house, MemoryReplication replication, LocalSemanticCache cache) {}

  @BeforeEach
  void open() {
    a = house("a");
    b = house("b");
  }

  private House house(String name) {
    CacheHouse house = new CacheHouse(directory.resolve(name));
    MemoryReplication replication = new MemoryReplication();
    house.replication = Optional.of(replication);
    House opened = new House(house, replication, house.open());
    houses.add(opened);
    return opened;
  }

  @AfterEach
  void close() {
    for (House each : houses) {
      each.cache.check();
      each.cache.close();
      assertTrue(each.replication.closed);
    }
  }

  private static void deliverAll(House from, House to) {
    from.replication.told.forEach(to.replication::deliver);
    from.replication.told.clear();
  }

  @Test
  void put_deliveredElsewhere_isHitThereByTextAndByMeaning() {
    PutOptions options =
        PutOptions.DEFAULTS.tags("doc").provenance("bot").savedNanoDollars(5).ttl(CacheHouse.HOUR);
    a.cache.put(SCOPE, "how do I reset it", Answer.text("press"), options);
    deliverAll(a, b);

    var hit = b.cache.lookup(SCOPE, "how do I reset it").hit().orElseThrow();
    assertEquals(Answer.text("press"), hit.answer());
    assertEquals(5, hit.savedNanoDollars());
    assertEquals(a.replication.content(), b.replication.content());
    assertFalse(b.cache.lookup(OTHER, "how do I reset it").isHit());
    assertTrue(b.replication.told.isEmpty(), "what came from others is not told again");
    assertEquals(1, b.cache.invalidateTag("doc"));
  }

  @Test
  void vectorPut_deliveredTwice_isOneEntry() {
    float[] vector = new float[a.house.embedder.dimension()];
    vector[0] = 3;
    a.cache.put(SCOPE, vector, Answer.text("v"), PutOptions.DEFAULTS);
    Object told = a.replication.told.getFirst();

    assertEquals(Replica.Outcome.STORED, b.replication.deliver(told));
    assertEquals(Replica.Outcome.KNOWN, b.replication.deliver(told));
    assertEquals(1, b.cache.stats().entries());
    assertTrue(b.cache.lookup(SCOPE, vector, LookupOptions.DEFAULTS).isHit());
  }

  @Test
  void putInTheSameMillisecond_replacesEverywhere() {
    a.cache.put(SCOPE, "q", Answer.text("zzz"));
    a.cache.put(SCOPE, "q", Answer.text("aaa"));
    // As the newer came first.
    Collections.reverse(a.replication.told);
    deliverAll(a, b);

    assertEquals("aaa", b.cache.lookup(SCOPE, "q").answer().orElseThrow().text());
    assertEquals("aaa", a.cache.lookup(SCOPE, "q").answer().orElseThrow().text());
  }

  @Test
  void removal_thatArrivesBeforeItsEntry_keepsItOut() {
    EntryId id = a.cache.put(SCOPE, "q", Answer.text("x")).orElseThrow();
    a.cache.invalidate(id);
    Collections.reverse(a.replication.told);
    deliverAll(a, b);

    assertFalse(b.cache.lookup(SCOPE, "q").isHit());
  }

  @Test
  void putAfterRemovalInTheSameMillisecond_outlivesItEverywhere() {
    a.cache.put(SCOPE, "q", Answer.text("old"));
    a.cache.invalidateTenant("acme");
    a.cache.put(SCOPE, "q", Answer.text("new"));
    Collections.shuffle(a.replication.told, new Random(1));
    deliverAll(a, b);

    assertEquals("new", a.cache.lookup(SCOPE, "q").answer().orElseThrow().text());
    assertEquals("new", b.cache.lookup(SCOPE, "q").answer().orElseThrow().text());
  }

  @Test
  void randomOperations_deliveredInAnyOrderMoreThanOnce_leaveAllCachesEqual() {
    House c = house("c");
    Random random = TestSeed.random("replication", 11);
    List<Object> messages = new ArrayList<>();
    for (int round = 0; round < 400; round++) {
      House at = houses.get(random.nextInt(houses.size()));
      act(at, random);
      messages.addAll(at.replication.told);
      at.replication.told.clear();
      if (random.nextInt(4) == 0 && !messages.isEmpty()) {
        House to = houses.get(random.nextInt(houses.size()));
        to.replication.deliver(messages.get(random.nextInt(messages.size())));
      }
      if (random.nextInt(8) == 0) {
        // Their clocks are a little apart.
        houses.get(random.nextInt(houses.size())).house.clock.advance(Duration.ofMillis(1));
      }
    }
    for (House each : houses) {
      Collections.shuffle(messages, random);
      messages.forEach(each.replication::deliver);
      messages.subList(0, messages.size() / 2).forEach(each.replication::deliver);
    }

    assertFalse(a.replication.content().isEmpty());
    assertEquals(a.replication.content(), b.replication.content());
    assertEquals(a.replication.content(), c.replication.content());
  }

  private void act(House at, Random random) {
    String text = "question " + random.nextInt(20);
    Scope scope = random.nextBoolean() ? SCOPE : OTHER;
    PutOptions options =
        PutOptions.DEFAULTS.tags("t" + random.nextInt(3)).provenance("p" + random.nextInt(3));
    switch (random.nextInt(24)) {
      case 0 -> at.cache.invalidateTag("t" + random.nextInt(3));
      case 1 -> at.cache.invalidateScope(scope);
      case 2 -> at.cache.invalidateTenant(scope.tenant());
      case 3 -> at.cache.invalidateProvenance("p" + random.nextInt(3));
      case 4, 5, 6 ->
          at.cache.lookup(scope, text).hit().ifPresent(hit -> at.cache.invalidate(hit.id()));
      default -> at.cache.put(scope, text, Answer.text("answer " + random.nextInt(50)), options);
    }
  }

  @Test
  void entryThatIsOver_orFromTheFuture_orNoUnitVector_isNotTaken() {
    a.cache.put(SCOPE, "q", Answer.text("x"));
    ReplicaEntry entry = (ReplicaEntry) a.replication.told.getFirst();

    assertEquals(Replica.Outcome.OUT_OF_TIME, b.replication.deliver(moved(entry, -7_200_000)));
    assertEquals(Replica.Outcome.OUT_OF_TIME, b.replication.deliver(moved(entry, 7_200_000)));
    entry.vector().orElseThrow()[0] += 1;
    assertEquals(Replica.Outcome.REFUSED, b.replication.deliver(entry));
    assertEquals(0, b.cache.stats().entries());
  }

  private static ReplicaEntry moved(ReplicaEntry entry, long millis) {
    return new ReplicaEntry(
        entry.scope(),
        entry.key(),
        entry.version() + millis,
        entry.expiresMillis() + millis,
        entry.tenant(),
        entry.principal(),
        entry.tags(),
        entry.savedNanoDollars(),
        entry.text(),
        entry.vector(),
        entry.answer());
  }

  @Test
  void scopeThatIsStillLoaded_isNotAnswered() {
    a.cache.put(SCOPE, "q", Answer.text("x"));
    a.replication.serving = false;

    assertEquals(MissReason.JOINING, a.cache.lookup(SCOPE, "q").missReason().orElseThrow());
    a.replication.serving = true;
    assertTrue(a.cache.lookup(SCOPE, "q").isHit());
    assertEquals(1, a.replication.used.size());
  }

  @Test
  void store_openedWithoutItsReplication_isRefused() {
    a.cache.put(SCOPE, "q", Answer.text("x"));
    a.cache.close();
    a.house.replication = Optional.empty();

    assertThrows(CacheException.Incompatible.class, a.house::open);
    houses.set(0, reopened(a));
    assertTrue(houses.getFirst().cache.lookup(SCOPE, "q").isHit());
  }

  @Test
  void openingWhoseReplicationFails_letsTheStoreBeOpenedAgain() {
    CacheHouse house = new CacheHouse(directory.resolve("c"));
    MemoryReplication failing =
        new MemoryReplication() {
          @Override
          public void start(Replica value) {
            throw new IllegalStateException("of a test");
          }
        };
    house.replication = Optional.of(failing);
    assertThrows(IllegalStateException.class, house::open);
    assertFalse(failing.closed, "it may be another cache's");
    MemoryReplication working = new MemoryReplication();
    house.replication = Optional.of(working);
    houses.add(new House(house, working, house.open()));
  }

  @Test
  void scopes_whenReplicationStarts_areAllKnown() throws IOException {
    CacheHouse house = new CacheHouse(directory.resolve("c"));
    house.entriesMax = 200_000;
    MemoryReplication first = new MemoryReplication();
    house.replication = Optional.of(first);
    try (LocalSemanticCache cache = house.open()) {
      cache.put(SCOPE, "q", Answer.text("x"));
    }
    // More slots than are read before a cache is open, and the first of them is read last.
    Superblock superblock = Superblock.read(house.directory).superblock().orElseThrow();
    try (EntryTable table =
        new EntryTable(
            house.directory,
            superblock.uuid(),
            superblock.dimension(),
            superblock.segmentSlots())) {
      while (table.capacity() < 140_000) {
        table.grow();
      }
    }
    List<Set<Hash128>> known = new ArrayList<>();
    MemoryReplication asking =
        new MemoryReplication() {
          @Override
          public void start(Replica value) {
            super.start(value);
            known.add(value.scopes());
          }
        };
    house.replication = Optional.of(asking);
    houses.add(new House(house, asking, house.open()));
    assertEquals(List.of(Set.of(first.firstTold().scope())), known);
  }

  @Test
  void scopeWithoutVectors_isKnownUntilItsLastEntryGoes() {
    EntryId one = a.cache.put(SCOPE, "long:1", Answer.text("x")).orElseThrow();
    EntryId two = a.cache.put(SCOPE, "long:2", Answer.text("x")).orElseThrow();
    Hash128 scope = a.replication.firstTold().scope();
    a.cache.invalidate(one);
    assertTrue(a.replication.replica.has(scope));
    assertEquals(Set.of(scope), a.replication.replica.scopes());
    a.cache.invalidate(two);
    assertFalse(a.replication.replica.has(scope));
  }

  @Test
  void removalOfATenantByOthers_keepsTheKeyOfWhatIsPutMeanwhile() throws IOException {
    Hooked hooked = new Hooked(directory);
    House c = encrypted("c", hooked);
    c.cache.put(SCOPE, "old", Answer.text("x"));
    ReplicaEntry old = c.replication.firstTold();
    hooked.afterRemove = () -> c.cache.put(SCOPE, "new", Answer.text("y"));
    c.replication.deliver(Removal.named(Removal.Kind.TENANT, old.tenant(), old.version()));
    assertFalse(c.cache.lookup(SCOPE, "old").isHit());
    assertEquals("y", c.cache.lookup(SCOPE, "new").answer().orElseThrow().text());
  }

  @Test
  void removalByTagOfOthers_whileCardsCannotBeRead_takesNoOtherEntries() throws IOException {
    Hooked hooked = new Hooked(directory);
    House c = encrypted("c", hooked);
    c.cache.put(SCOPE, "q", Answer.text("x"), PutOptions.DEFAULTS.tags("its"));
    ReplicaEntry entry = c.replication.firstTold();
    long its = PromptCard.tagBits(entry.tags()[0]);
    long another = 1;
    while ((its & PromptCard.tagBits(another)) != PromptCard.tagBits(another)) {
      another++;
    }
    hooked.isOpen = false;
    c.replication.deliver(Removal.named(Removal.Kind.TAG, another, entry.version()));
    assertTrue(c.cache.lookup(SCOPE, "q").isHit());
  }

  @Test
  void entryOfOthers_whileItsTenantIsInvalidatedHere_isTakenIfNewer() throws IOException {
    Hooked hooked = new Hooked(directory);
    House c = encrypted("c", hooked);
    c.cache.put(SCOPE, "q", Answer.text("x"));
    ReplicaEntry newer = moved(c.replication.firstTold(), 1_000);
    hooked.beforePut = () -> c.cache.invalidateTenant("acme");
    assertEquals(Replica.Outcome.STORED, c.replication.deliver(newer));
    assertTrue(c.cache.lookup(SCOPE, "q").isHit());
  }

  /** {@return an encrypted cache with these answers} */
  private House encrypted(String name, Hooked answers) {
    CacheHouse house = new CacheHouse(directory.resolve(name));
    house.encrypt(true);
    MemoryReplication replication = new MemoryReplication();
    house.replication = Optional.of(replication);
    LocalSemanticCache cache =
        new LocalSemanticCache(house.settings(house.directory), (path, clean) -> answers);
    House opened = new House(house, replication, cache);
    houses.add(opened);
    return opened;
  }

  /** Answers, and what happens once when some come or go. */
  private static final class Hooked extends AppendOnlyResponseStore {
    private Runnable beforePut;
    private Runnable afterRemove;
    private boolean isOpen = true;

    Hooked(Path directory) throws IOException {
      super(directory, 16 * 1024);
    }

    @Override
    public int put(EntryId id, byte[] card, byte[] answer) {
      Runnable hook = beforePut;
      beforePut = null;
      run(hook);
      return super.put(id, card, answer);
    }

    @Override
    public void remove(int shard, EntryId id) {
      super.remove(shard, id);
      Runnable hook = afterRemove;
      afterRemove = null;
      run(hook);
    }

    @Override
    public byte[] card(int shard, EntryId id) {
      return isOpen ? super.card(shard, id) : null;
    }

    @Override
    public void awaitOpen() {
      isOpen = true;
    }

    private static void run(Runnable hook) {
      if (hook != null) {
        hook.run();
      }
    }
  }

  private static House reopened(House closed) {
    MemoryReplication replication = new MemoryReplication();
    closed.house.replication = Optional.of(replication);
    return new House(closed.house, replication, closed.house.open());
  }

  @Test
  void acquire_whileAnotherCacheLoads_followsIt() {
    a.replication.lease =
        new WaitingLease(() -> b.replication.told.forEach(a.replication::deliver));
    b.cache.put(SCOPE, "q", Answer.text("theirs"));
    try (LoadTicket ticket = a.cache.acquire(SCOPE, "q", LookupOptions.DEFAULTS)) {
      assertEquals(LoadTicket.Role.FOLLOWER, ticket.role());
      assertEquals(LoadTicket.Role.HIT, ticket.await(Duration.ofSeconds(9)));
      assertEquals("theirs", ticket.lookup().answer().orElseThrow().text());
    }
  }

  @Test
  void acquire_whenTheOtherCacheGivesUp_leads() {
    a.replication.lease = new WaitingLease(() -> a.replication.lease = LoadLease.UNSHARED);
    try (LoadTicket ticket = a.cache.acquire(SCOPE, "q", LookupOptions.DEFAULTS)) {
      assertEquals(LoadTicket.Role.LEADER, ticket.await(Duration.ofSeconds(9)));
    }
  }

  @Test
  void acquire_whoseFollowingIsClosed_letsTheNextOneIn() {
    a.replication.lease = new WaitingLease(() -> {});
    a.cache.acquire(SCOPE, "q", LookupOptions.DEFAULTS).close();
    a.replication.lease = LoadLease.UNSHARED;
    try (LoadTicket ticket = a.cache.acquire(SCOPE, "q", LookupOptions.DEFAULTS)) {
      assertEquals(LoadTicket.Role.LEADER, ticket.role());
    }
  }

  @Test
  void leadership_whoseAnswerCameWhileItWasAskedFor_isGivenBackForTheHit() {
    b.cache.put(SCOPE, "q", Answer.text("b's"));
    a.replication.lease = new LateLease(() -> b.replication.told.forEach(a.replication::deliver));
    LoadTicket ticket = a.cache.acquire(SCOPE, "q", LookupOptions.DEFAULTS);
    assertEquals(LoadTicket.Role.HIT, ticket.role());
    assertEquals("b's", ticket.lookup().answer().orElseThrow().text());
    assertEquals(List.of(false), ((LateLease) a.replication.lease).released);
    a.replication.lease = LoadLease.UNSHARED;
  }

  /** The right to load, before whose arrival something happens. */
  private static final class LateLease implements LoadLease {
    private final Runnable event;
    private final List<Boolean> released = new ArrayList<>();

    LateLease(Runnable event) {
      this.event = event;
    }

    @Override
    public boolean leads() {
      event.run();
      return true;
    }

    @Override
    public boolean await(long nanos) {
      return true;
    }

    @Override
    public void release(boolean stored) {
      released.add(stored);
    }
  }

  /** Another cache loads; what it does happens when somebody waits for it. */
  private record WaitingLease(Runnable event) implements LoadLease {
    @Override
    public boolean leads() {
      return false;
    }

    @Override
    public boolean await(long nanos) {
      event.run();
      return true;
    }

    @Override
    public void release(boolean stored) {}
  }
}
