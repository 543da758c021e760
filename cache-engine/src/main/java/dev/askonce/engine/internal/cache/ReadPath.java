package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.index.TopCandidates;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.store.PromptCard;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exact tier, vector search, decision, and the verified read of an answer. */
final class ReadPath {
  private static final Logger LOG = LoggerFactory.getLogger(ReadPath.class);

  private final Core core;
  private final KeyedHash hash;
  private final Removals removals;
  private final AtomicBoolean toldUnreadable = new AtomicBoolean();

  ReadPath(Core core, KeyedHash hash, Removals removals) {
    this.core = core;
    this.hash = hash;
    this.removals = removals;
  }

  /** {@return the hit on the same scope and text, a miss where it cannot be read, or null} */
  Lookup exact(Decision decision) {
    Asked asked = decision.asked;
    SearchContext context = core.contexts.claim();
    if (context == null) {
      return Lookup.miss(MissReason.BUSY);
    }
    Found found = null;
    core.epochs.enter(context.index);
    try {
      SlotRecord record = context.record;
      int slot = core.exact.find(asked.textHash, record);
      if (slot != ExactTable.ABSENT && record.isIn(asked.scope) && isInTime(record)) {
        found = Found.of(record, slot, 1, core.frames.isSealing());
      }
    } catch (InternalError e) {
      return unreadable(e);
    } finally {
      core.epochs.exit(context.index);
      core.contexts.release(context);
    }
    try {
      Lookup lookup = found == null ? null : answer(found, HitKind.EXACT, decision);
      return lookup == null ? null : decision.ofExact(lookup);
    } catch (TimeoutException e) {
      return Lookup.miss(MissReason.READ_TIMEOUT);
    }
  }

  /** A page of a mapped file could not be read, nor can it be next time: told once. */
  private Lookup unreadable(InternalError fault) {
    if (toldUnreadable.compareAndSet(false, true)) {
      LOG.error("lookups cannot read a file of the store", fault);
    }
    return Lookup.miss(MissReason.UNVERIFIED);
  }

  private boolean isInTime(SlotRecord record) {
    return Core.isInTime(record.createdMillis(), record.expiresMillis(), core.nowMillis());
  }

  /** Searches the scope for the asked vector and lets the policy decide. */
  Lookup semantic(Decision decision) {
    Asked asked = decision.asked;
    ScopeIndex index = core.scopes.get(asked.scope);
    if (index == null) {
      return Lookup.miss(MissReason.NOTHING_SIMILAR);
    }
    SearchContext context = core.contexts.claim();
    if (context == null) {
      return Lookup.miss(MissReason.BUSY);
    }
    List<Found> candidates = new ArrayList<>(Candidates.COUNT_MAX);
    List<Found> damaged = new ArrayList<>(0);
    core.epochs.enter(context.index);
    try {
      System.arraycopy(asked.vector, 0, context.scratch.query(), 0, asked.vector.length);
      context.scratch.top().reset(Candidates.COUNT_MAX, decision.floor(), decision.enough());
      index.search(core.nowMillis(), context.scratch);
      verify(asked.scope, context, candidates, damaged);
    } catch (InternalError e) {
      return unreadable(e);
    } finally {
      core.epochs.exit(context.index);
      core.contexts.release(context);
    }
    damaged.forEach(removals::quarantine);
    if (candidates.isEmpty()) {
      return Lookup.miss(damaged.isEmpty() ? MissReason.NOTHING_SIMILAR : MissReason.UNVERIFIED);
    }
    try {
      return decide(decision, candidates);
    } catch (TimeoutException e) {
      return Lookup.miss(MissReason.READ_TIMEOUT);
    }
  }

  private void verify(
      Hash128 scope, SearchContext context, List<Found> candidates, List<Found> damaged) {
    TopCandidates top = context.scratch.top();
    SlotRecord record = context.record;
    for (int i = 0; i < top.count(); i++) {
      int slot = top.slot(i);
      if (!record.copy(slot) || SlotRecord.state(record.commit()) != SlotRecord.LIVE) {
        continue;
      }
      Found found = Found.of(record, slot, top.cosine(i), core.frames.isSealing());
      if (!record.verifies() || !record.vectorVerifies()) {
        if (record.isCurrent()) {
          damaged.add(found);
        }
      } else if (record.isIn(scope) && isInTime(record) && record.isCurrent()) {
        candidates.add(found);
      }
    }
  }

  private Lookup decide(Decision decision, List<Found> candidates) throws TimeoutException {
    Verdict first = null;
    for (Found found : candidates) {
      Verdict verdict = decision.judge(found.cosine(), found.text(), () -> text(found));
      if (verdict.served()) {
        Lookup lookup = answer(found, HitKind.SEMANTIC, decision);
        if (lookup != null) {
          return decision.ofSemantic(lookup, () -> text(found));
        }
      } else {
        core.counters.refused(verdict.reason());
        first = first == null ? verdict : first;
      }
    }
    float best = candidates.getFirst().cosine();
    return first == null
        ? Lookup.refused(MissReason.UNVERIFIED, "unverified", best)
        : Lookup.refused(MissReason.REFUSED, first.reason(), best);
  }

  private Optional<String> text(Found found) {
    try {
      byte[] frame = core.responses.card(found.shard(), found.id());
      return frame == null
          ? Optional.empty()
          : core.frames.card(found.owner(), frame).flatMap(PromptCard::text);
    } catch (TimeoutException e) {
      return Optional.empty();
    }
  }

  /** {@return the hit, or null if the answer is gone or does not verify} */
  private Lookup answer(Found found, HitKind kind, Decision decision) throws TimeoutException {
    byte[] frame = core.responses.answer(found.shard(), found.id());
    Optional<Answer> answer =
        frame == null ? Optional.empty() : core.frames.answer(found.owner(), frame);
    if (core.table.commitAcquire(found.slot()) != found.commit()) {
      return null;
    }
    if (answer.isEmpty()) {
      // Without a key it is no damage: its tenant is just being invalidated.
      if (core.frames.canOpen(found.owner().tenant())) {
        removals.quarantine(found);
      }
      return null;
    }
    core.eviction.used(found.slot());
    if (core.isReplicated()) {
      core.replication.used(found.scope(), found.text());
    }
    return Lookup.hit(
        new Hit(
            new HitId(
                found.id(),
                decision.asked.tenant,
                decision.asked.textHash,
                found.text(),
                core.nowMillis(),
                decision.route.name,
                hash),
            kind,
            found.cosine(),
            answer.get(),
            Instant.ofEpochMilli(found.createdMillis()),
            Instant.ofEpochMilli(found.expiresMillis()),
            found.savedNanos()));
  }

  /**
   * Fills {@code result} with the verified best of a scope, or, if {@code count} is 0, with any one
   * that reaches the floor. Allocates nothing.
   */
  void nearest(Hash128 scope, float[] vector, float floor, int count, Candidates result) {
    result.clear();
    ScopeIndex index = core.scopes.get(scope);
    SearchContext context = index == null ? null : core.contexts.claim();
    if (context == null) {
      return;
    }
    core.epochs.enter(context.index);
    try {
      Kernels.normalise(vector, context.scratch.query());
      TopCandidates top = context.scratch.top();
      if (count == 0) {
        top.reset(1, floor, floor);
      } else {
        top.reset(count, floor);
      }
      index.search(core.nowMillis(), context.scratch);
      SlotRecord record = context.record;
      for (int i = 0; i < top.count(); i++) {
        if (record.load(top.slot(i)) && record.vectorVerifies() && record.isCurrent()) {
          result.add(top.cosine(i), record.epoch(), record.sequence());
        }
      }
    } catch (InternalError e) {
      unreadable(e);
      result.clear();
    } finally {
      core.epochs.exit(context.index);
      core.contexts.release(context);
    }
  }
}
