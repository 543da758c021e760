package dev.askonce.bench.replication;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RigFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Puts, removes and asks through several caches while faults are injected; after each round the
 * faults stop, and all caches must come to answer the same, one among them that was empty, and
 * nothing of what was put last be lost.
 */
public final class FaultCampaign {
  private static final int CACHES = 5;
  private static final int SCOPES = 4;
  private static final int TEXTS = 12;
  private static final int FINDINGS_MAX = 20;

  /** Between two looks at servers that are busy with something. */
  private static final int CALLS = 4;

  private static final long CALL_NANOS = 1_500_000;
  private static final long SETTLE_NANOS_MAX = Duration.ofSeconds(60).toNanos();
  private static final List<FaultKind> FAILOVERS = List.of(FaultKind.TAIL_LOSS, FaultKind.FAILOVER);
  private static final double[] SHARES = {0, 0.02, 0.05, 0.1, 0.1, 0.2, 0.3, 0.3};

  private final FaultSettings settings;
  private final Path directory;
  private final Progress progress;
  private final Random random;
  private final Deck deck;
  private final Faults faults;
  private final History history = new History();
  private final List<Member> members = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private Installation servers;
  private long puts;
  private long removals;
  private long lookups;
  private long hits;
  private long wrong;
  private long lost;
  private long unequal;
  private long tailBytes;
  private int rounds;
  private boolean isFull;
  private String failure;

  private FaultCampaign(FaultSettings settings, Path directory, Progress progress) {
    this.settings = settings;
    this.directory = directory;
    this.progress = progress;
    random = new Random(settings.seed());
    deck = new Deck(new Random(settings.seed() + 2), settings.topology().hasReplicas());
    faults = new Faults(settings.seed() + 1);
  }

  /**
   * Runs a campaign.
   *
   * @param directory of the caches' stores
   */
  public static FaultReport run(FaultSettings settings, Path directory, Progress progress)
      throws IOException {
    return run(settings, directory, progress, Installation::open);
  }

  /** Runs one with other servers. */
  static FaultReport run(
      FaultSettings settings,
      Path directory,
      Progress progress,
      Function<FaultSettings.Topology, Installation> opening)
      throws IOException {
    return new FaultCampaign(settings, directory, progress).run(opening);
  }

  private FaultReport run(Function<FaultSettings.Topology, Installation> opening)
      throws IOException {
    try (Installation opened = opening.apply(settings.topology())) {
      servers = opened;
      for (int i = 0; i < CACHES; i++) {
        members.add(new Member(servers.uri(), directory.resolve("cache-" + i)));
      }
      members.forEach(Member::open);
      try {
        while (isUnderWay()) {
          round(faults.total() + settings.round());
        }
      } finally {
        members.forEach(Member::close);
      }
    } catch (RigFailure | JedisException e) {
      // Caches throw neither.
      failure = ("" + e.getMessage()).lines().findFirst().orElse("");
    }
    return report();
  }

  private boolean isUnderWay() {
    return faults.total() < settings.faults()
        || FAILOVERS.stream().anyMatch(kind -> faults.count(kind) < wanted(kind));
  }

  private void round(long until) throws IOException {
    servers.proxies().forEach(proxy -> proxy.fault(faults));
    do {
      if (random.nextInt(300) == 0) {
        faults.share(SHARES[random.nextInt(SHARES.length)]);
      }
      if (random.nextInt(400) == 0) {
        disturb(next());
      }
      call();
      progress.tell(this::told);
    } while (faults.total() < until && isUnderWay());
    faults.share(0);
    servers.proxies().forEach(proxy -> proxy.fault(FaultyProxy.NONE));
    servers.heal();
    settle();
    rounds++;
  }

  private String told() {
    return "%,d of %,d faults, %,d failovers, %,d rounds, %,.0f s; %d wrong, %d lost, %d unequal"
        .formatted(
            faults.total(),
            settings.faults(),
            faults.failovers(),
            rounds,
            seconds(),
            wrong,
            lost,
            unequal);
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  // Faults beside those of replies.

  private FaultKind next() {
    Optional<FaultKind> due =
        FAILOVERS.stream().filter(this::isDue).min(Comparator.comparingLong(faults::count));
    // At most every other, so that the other kinds meet them.
    return due.isPresent() && random.nextBoolean() ? due.get() : deck.draw();
  }

  /** {@return whether there were fewer of a kind than the share of the faults that there were} */
  private boolean isDue(FaultKind kind) {
    long total = Math.min(faults.total(), settings.faults());
    return faults.count(kind) * settings.faults() < wanted(kind) * total;
  }

  /** {@return half of the failovers} */
  private long wanted(FaultKind kind) {
    return (settings.failovers() + (kind == FaultKind.TAIL_LOSS ? 1 : 0)) / 2;
  }

  private void disturb(FaultKind kind) throws IOException {
    if (isFull) {
      isFull = false;
      servers.full(false);
    }
    switch (kind) {
      case FLUSH -> servers.flush();
      case KILL -> {
        Member member = members.get(random.nextInt(CACHES));
        member.kill();
        member.open();
      }
      case REOPEN -> {
        Member member = members.get(random.nextInt(CACHES));
        member.close();
        member.open();
      }
      case FULL -> {
        servers.full(true);
        isFull = true;
      }
      case RESTART -> servers.restart(random, this::calls);
      case FAILOVER -> servers.failOver(random, this::calls);
      case TAIL_LOSS -> tailBytes += servers.loseTail(this::calls);
      case NETWORK_LOSS -> servers.proxies().forEach(FaultyProxy::cutAll);
      default -> throw new IllegalArgumentException(kind + " is a fault of replies");
    }
    faults.add(kind);
  }

  private void calls() {
    for (int i = 0; i < CALLS; i++) {
      call();
    }
    progress.tell(this::told);
  }

  // Calls.

  private static Scope scope(int number) {
    return Scope.tenant("tenant-" + number % 2).with("of", "" + number);
  }

  private History.Question question() {
    int text = random.nextInt(TEXTS);
    return new History.Question(random.nextInt(SCOPES), "question " + text, "tag-" + text % 4);
  }

  private void call() {
    int cache = random.nextInt(CACHES);
    int kind = random.nextInt(100);
    if (kind < 45) {
      lookup(question(), cache);
    } else if (kind < 94) {
      put(question(), cache);
    } else {
      remove(question(), cache, kind);
    }
    LockSupport.parkNanos(CALL_NANOS);
  }

  private void put(History.Question question, int cache) {
    String answer = question.answer(puts);
    history.putting(question, answer, cache);
    Optional<EntryId> id =
        members
            .get(cache)
            .cache()
            .put(
                scope(question.scope()),
                question.text(),
                Answer.text(answer),
                PutOptions.DEFAULTS.tags(question.tag()).provenance("from " + question.scope()));
    if (id.isEmpty()) {
      throw new IllegalStateException("a put was dropped: " + members.get(cache).cache().stats());
    }
    history.put(question, answer);
    puts++;
  }

  private Optional<String> lookup(History.Question question, int cache) {
    Optional<String> answer =
        members
            .get(cache)
            .cache()
            .lookup(scope(question.scope()), question.text())
            .answer()
            .map(Answer::text);
    lookups++;
    if (answer.isPresent()) {
      hits++;
      Optional<String> why =
          cache < CACHES
              ? history.wrong(question, answer.get(), cache)
              : history.wrongToNewcomer(question, answer.get(), !settings.topology().hasReplicas());
      wrong += why.isPresent() ? 1 : 0;
      why.ifPresent(this::found);
    }
    return answer;
  }

  private void remove(History.Question question, int cache, int kind) {
    var target = members.get(cache).cache();
    int scope = question.scope();
    long began = System.nanoTime();
    Predicate<History.Question> matches;
    switch (kind) {
      case 94 -> {
        target.invalidateScope(scope(scope));
        matches = each -> each.scope() == scope;
      }
      case 95 -> {
        target.invalidateTag(question.tag());
        matches = each -> each.tag().equals(question.tag());
      }
      case 96 -> {
        target.invalidateTenant("tenant-" + scope % 2);
        matches = each -> each.scope() % 2 == scope % 2;
      }
      case 97 -> {
        target.invalidateProvenance("from " + scope);
        matches = each -> each.scope() == scope;
      }
      default -> {
        var hit = target.lookup(scope(scope), question.text()).hit();
        if (hit.isEmpty() || !target.invalidate(hit.get().id())) {
          return;
        }
        matches = question::equals;
      }
    }
    removals++;
    history.removed(matches, cache, began);
  }

  // The end of a round.

  /**
   * Waits until all caches answer the same, one among them that has nothing but what it finds on
   * the servers: what they lost was put there again.
   */
  private void settle() throws IOException {
    Path empty = directory.resolve("newcomer");
    Member newcomer = new Member(servers.uri(), empty);
    newcomer.open();
    members.add(newcomer);
    try {
      settleAll();
    } finally {
      members.remove(newcomer);
      newcomer.close();
      Folders.delete(empty);
    }
  }

  private void settleAll() {
    long deadline = System.nanoTime() + SETTLE_NANOS_MAX;
    Set<String> differences = new HashSet<>();
    do {
      LockSupport.parkNanos(20_000_000);
      differences.clear();
      if (members.stream().allMatch(FaultCampaign::isQuiet)) {
        compare(differences);
      } else {
        differences.add("a cache has records that wait, or scopes that are not loaded");
      }
    } while (!differences.isEmpty() && System.nanoTime() < deadline);
    unequal += differences.size();
    differences.forEach(this::found);
    for (History.Question question : history.questions()) {
      Optional<String> answer = lookup(question, 0);
      Optional<String> why = history.lost(question, answer);
      lost += why.isPresent() ? 1 : 0;
      why.ifPresent(this::found);
      if (differences.isEmpty()) {
        history.settled(question, answer);
      }
    }
  }

  private static boolean isQuiet(Member member) {
    var stats = member.stats();
    return stats.queued() == 0 && stats.scopesJoining() == 0;
  }

  private void compare(Set<String> differences) {
    for (History.Question question : history.questions()) {
      Optional<String> first = lookup(question, 0);
      for (int cache = 1; cache < members.size(); cache++) {
        Optional<String> other = lookup(question, cache);
        if (!other.equals(first)) {
          String where = cache < CACHES ? "cache " + cache : "one that had nothing before";
          differences.add(question + " is " + first + " in cache 0 and " + other + " in " + where);
        }
      }
    }
  }

  private void found(String what) {
    if (findings.size() < FINDINGS_MAX) {
      String finding = "after " + faults.total() + " faults: " + what;
      findings.add(finding);
      progress.step(finding);
    }
  }

  private FaultReport report() {
    return new FaultReport(
        settings.topology().name(),
        faults.counts(),
        faults.total(),
        puts,
        removals,
        lookups,
        hits,
        wrong,
        lost,
        unequal,
        rounds,
        members.stream().mapToLong(Member::joins).sum(),
        members.stream().mapToLong(Member::losses).sum(),
        members.stream().mapToLong(Member::snapshots).sum(),
        tailBytes,
        settings.seed(),
        seconds(),
        List.copyOf(findings),
        failure);
  }
}
