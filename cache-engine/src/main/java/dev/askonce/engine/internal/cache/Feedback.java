package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Withheld;
import dev.askonce.engine.internal.base.Failures;
import dev.askonce.engine.spi.Judge;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is learned of hits after the lookup: reports of wrong ones, and checks by a judge. */
final class Feedback {
  private static final Logger LOG = LoggerFactory.getLogger(Feedback.class);

  /** Judges may be slow; what comes while so many are at work is not checked. */
  private static final int CHECKS_AT_ONCE = 64;

  private final Core core;
  private final Routes routes;
  private final Invalidation invalidation;
  private final Optional<Judge> judge;
  private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE);
  private final KeyedHash hash;

  Feedback(
      Core core, KeyedHash hash, Routes routes, Invalidation invalidation, Optional<Judge> judge) {
    this.core = core;
    this.hash = hash;
    this.routes = routes;
    this.invalidation = invalidation;
    this.judge = judge;
  }

  /**
   * Takes a report that a hit was wrong: its entry goes, and its two texts never meet again.
   *
   * @return whether this was news
   */
  boolean wrong(HitId id) {
    if (!id.isSignedBy(hash)) {
      throw new CacheException.InvalidOption("no hit id of this store");
    }
    IOException failure = null;
    boolean isNew = false;
    if (isPair(id)) {
      try {
        isNew = core.feedback.separate(id.asked(), id.stored(), id.tenant());
      } catch (IOException e) {
        isNew = true;
        failure = e;
      }
    }
    boolean removed = invalidation.entry(id.entry(), id.stored());
    if (isNew) {
      RouteState route = routes.of(id.route());
      afterwards(route, route.reported(id.servedMillis(), core.nowMillis()));
    }
    if (failure != null) {
      throw new CacheException.StoreUnavailable(
          "the entry is removed, but that its text is not to answer the other one cannot be kept: "
              + failure,
          failure);
    }
    return isNew || removed;
  }

  private static boolean isPair(HitId id) {
    return !id.asked().equals(id.stored())
        && !id.asked().equals(Asked.NO_TEXT)
        && !id.stored().equals(Asked.NO_TEXT);
  }

  /** Has a hit that was withheld compared with the fresh answer, on a thread of its own. */
  void check(RouteState route, String asked, Withheld withheld, Answer fresh) {
    if (judge.isEmpty()) {
      return;
    }
    if (!checks.tryAcquire()) {
      route.undecided();
      return;
    }
    Thread.ofVirtual()
        .name("askonce-check")
        .start(
            () -> {
              try {
                settle(route, withheld.hit(), outcome(asked, withheld, fresh));
              } finally {
                checks.release();
              }
            });
  }

  private Judge.Outcome outcome(String asked, Withheld withheld, Answer fresh) {
    try {
      Judge.Outcome outcome =
          judge.orElseThrow().judge(asked, withheld.storedText(), withheld.hit().answer(), fresh);
      return outcome == null ? Judge.Outcome.UNDECIDED : outcome;
    } catch (RuntimeException | Error e) {
      Failures.rethrowIfFatal(e);
      LOG.warn("the judge failed: {}", e.toString());
      return Judge.Outcome.UNDECIDED;
    }
  }

  private void settle(RouteState route, Hit hit, Judge.Outcome outcome) {
    if (outcome == Judge.Outcome.UNDECIDED) {
      route.undecided();
      return;
    }
    boolean right = outcome == Judge.Outcome.RIGHT;
    if (hit.kind() == HitKind.SEMANTIC) {
      afterwards(route, route.checked(right, core.nowMillis()));
    }
    HitId id = hit.hitId();
    if (!right && isPair(id)) {
      try {
        core.feedback.separate(id.asked(), id.stored(), id.tenant());
      } catch (IOException e) {
        LOG.warn("that two texts share no answer cannot be kept: {}", e.toString());
      }
    }
  }

  private void afterwards(RouteState route, boolean tightened) {
    if (!tightened) {
      return;
    }
    LOG.warn("route {} is stricter now: more than accepted was wrong", route.name);
    try {
      keepLevel(route);
    } catch (IOException e) {
      LOG.warn("how strict route {} is cannot be kept: {}", route.name, e.toString());
    }
  }

  /** Takes back what tightened a route. {@return whether something did} */
  boolean loosen(String name) {
    RouteState route = routes.of(name);
    boolean tightened = route.loosen(core.nowMillis());
    try {
      keepLevel(route);
    } catch (IOException e) {
      throw new CacheException.StoreUnavailable(
          "the route is loosened, but only until the cache is closed: " + e, e);
    }
    return tightened;
  }

  /** What is written last is what holds, whoever writes it. */
  private void keepLevel(RouteState route) throws IOException {
    synchronized (route) {
      core.feedback.level(route.hash, route.level());
    }
  }
}
