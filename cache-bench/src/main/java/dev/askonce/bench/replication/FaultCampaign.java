package dev.askonce.bench.replication;

import dev.askonce.bench.data.Progress;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.FaultyProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Puts, removes and asks through three caches while faults are injected; after each round the
 * faults stop, and all caches must come to answer the same, and nothing of what was put last be
 * lost.
 */
public final class FaultCampaign {
  private static final int CACHES = 3;
  private static final int SCOPES = 4;
  private static final int TEXTS = 12;
  private static final int FINDINGS_MAX = 20;
  private static final long CALL_NANOS = 1_500_000;
  private static final long SETTLE_NANOS_MAX = Duration.ofSeconds(60).toNanos();
  private static final double[] SHARES = {0, 0.02, 0.1, 0.3};

  private final FaultSettings settings;
  private final Progress progress;
  private final Random random;
  private final Faults faults;
  private final History history = new History();
  private final Installation servers;
  private final List<Member> members = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private long puts;
  private long removals;
  private long lookups;
  private long hits;
  private long wrong;
  private long lost;
  private long unequal;
  private int rounds;
  private int fullCalls;

  private FaultCampaign(FaultSettings settings, Path directory, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    random = new Random(settings.seed());
    faults = new Faults(settings.seed() + 1);
    servers = Installation.open(settings.topology());
    for (int i = 0; i < CACHES; i++) {
      members.add(new Member(servers.uri(), directory.resolve("cache-" + i)));
    }
  }

  /**
   * Runs a campaign.
   *
   * @param directory of the caches' stores
   */
  public static FaultReport run(FaultSettings settings, Path directory, Progress progress)
      throws IOException {
    FaultCampaign campaign = new FaultCampaign(settings, directory, progress);
    try {
      return campaign.run();
    } finally {
      campaign.servers.close();
    }
  }

  private FaultReport run() throws IOException {
    long start = System.nanoTime();
    members.forEach(Member::open);
    try {
      while (faults.total() < settings.faults()) {
        round(Math.min(settings.faults(), faults.total() + settings.round()));
      }
      return report((System.nanoTime() - start) / 1e9);
    } finally {
      members.forEach(Member::close);
    }
  }

  private void round(long until) throws IOException {
    servers.proxies().forEach(proxy -> proxy.fault(faults));
    while (faults.total() < until) {
      if (random.nextInt(300) == 0) {
        faults.share(SHARES[random.nextInt(SHARES.length)]);
      }
      if (random.nextInt(400) == 0) {
        disturb();
      }
      call();
      LockSupport.parkNanos(CALL_NANOS);
      progress.tell(() -> faults.total() + " faults, " + rounds + " rounds; " + wrong + " wrong");
    }
    faults.share(0);
    servers.proxies().forEach(proxy -> proxy.fault(FaultyProxy.NONE));
    servers.heal();
    settle();
    rounds++;
  }

  // Faults beside those of replies.

  private void disturb() throws IOException {
    if (fullCalls > 0) {
      fullCalls = 0;
      servers.full(false);
    }
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> {
        faults.count(FaultKind.FLUSH);
        servers.flush();
      }
      case 4, 5, 6, 7 -> {
        faults.count(FaultKind.KILL);
        Member member = members.get(random.nextInt(CACHES));
        member.kill();
        member.open();
      }
      case 8, 9 -> {
        faults.count(FaultKind.REOPEN);
        Member member = members.get(random.nextInt(CACHES));
        member.close();
        member.open();
      }
      case 10, 11 -> {
        faults.count(FaultKind.FULL);
        servers.full(true);
        fullCalls = 1;
      }
      case 12 -> {
        faults.count(FaultKind.RESTART);
        servers.restart(random);
      }
      case 13 -> {
        if (servers.failOver(random)) {
          faults.count(FaultKind.FAILOVER);
        }
      }
      default -> {
        faults.count(FaultKind.NETWORK_LOSS);
        servers.proxies().forEach(FaultyProxy::cutAll);
      }
    }
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
  }

  private void put(History.Question question, int cache) {
    String answer = question.scope() + "/" + question.text() + "/" + puts;
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
      Optional<String> why = history.wrong(question, answer.get(), cache);
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

  private void settle() {
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
      Optional<String> why = history.lost(question, lookup(question, 0));
      lost += why.isPresent() ? 1 : 0;
      why.ifPresent(this::found);
    }
  }

  private static boolean isQuiet(Member member) {
    var stats = member.stats();
    return stats.queued() == 0 && stats.scopesJoining() == 0;
  }

  private void compare(Set<String> differences) {
    for (History.Question question : history.questions()) {
      Optional<String> first = lookup(question, 0);
      for (int cache = 1; cache < CACHES; cache++) {
        Optional<String> other = lookup(question, cache);
        if (!other.equals(first)) {
          differences.add(question + " is " + first + " in cache 0 and " + other + " in " + cache);
        }
      }
    }
  }

  private void found(String what) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add("after " + faults.total() + " faults: " + what);
    }
  }

  private FaultReport report(double seconds) {
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
        settings.seed(),
        seconds,
        List.copyOf(findings));
  }
}
