package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Candidates;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.index.SearchScratch;
import dev.askonce.engine.internal.index.StopCalibration;
import dev.askonce.engine.internal.store.SlotRecord;
import java.util.SplittableRandom;

/**
 * Searches for stored entries from somewhere near, by which the store learns how early lookups may
 * stop before it has seen thousands of hits. Half of the queries lie in any direction from the
 * entry, half towards an entry that it is linked with; at any cosine from the threshold to 1. What
 * lookups find goes on judging what was learned.
 *
 * <p>Not thread-safe; by whoever runs maintenance, as one of the readers.
 */
final class Rehearsal {
  private static final int NOWHERE = -1;

  /** Of what is left of a unit vector: less is no direction, but rounding. */
  private static final float SQUARES_MIN = 1e-4f;

  private final Core core;
  private final SearchScratch scratch;
  private final SlotRecord record;
  private final SplittableRandom random = new SplittableRandom();
  private final float[] entry;

  Rehearsal(Core core, SearchScratch scratch) {
    this.core = core;
    this.scratch = scratch;
    record = new SlotRecord(core.table);
    entry = new float[core.table.dimension()];
  }

  /**
   * Rehearses what lookups are for with a number of entries, less those that are in no graph.
   *
   * @param onlyNew only what is not calibrated yet
   * @return how many found something
   */
  int run(int tries, boolean onlyNew) {
    int done = 0;
    for (int i = 0; i < tries; i++) {
      StopCalibration.Aim aim = core.space.calibration().nextAim(onlyNew);
      if (aim == null) {
        break;
      }
      done += runOnce(aim) ? 1 : 0;
    }
    return done;
  }

  private boolean runOnce(StopCalibration.Aim aim) {
    int slot = random.nextInt(core.table.capacity());
    if (!record.copy(slot)
        || SlotRecord.state(record.commit()) != SlotRecord.LIVE
        || !record.hasVector()
        || !record.vectorVerifies()) {
      return false;
    }
    ScopeIndex index = core.scopes.get(record.scope());
    if (index == null) {
      return false;
    }
    int towards = random.nextBoolean() ? core.space.linked(slot, random) : NOWHERE;
    float cosine = aim.threshold() + (1 - aim.threshold()) * (float) random.nextDouble();
    if (!moveFrom(slot, towards, cosine)) {
      return false;
    }
    if (aim.anyEntry()) {
      scratch.top().reset(1, aim.threshold(), aim.threshold());
    } else {
      scratch.top().reset(Candidates.COUNT_MAX, aim.threshold());
    }
    return index.rehearse(core.nowMillis(), scratch) && scratch.top().count() > 0;
  }

  /**
   * Sets the query to a unit vector at a cosine to an entry, in the plane of another, or any plane.
   *
   * @return whether the other entry gives a direction
   */
  private boolean moveFrom(int slot, int towards, float cosine) {
    float[] query = scratch.query();
    Memory.copyOut(core.table.vectorAddress(slot), entry);
    if (towards == NOWHERE) {
      for (int i = 0; i < query.length; i++) {
        query[i] = (float) random.nextGaussian();
      }
    } else {
      Memory.copyOut(core.table.vectorAddress(towards), query);
    }
    float along = 0;
    for (int i = 0; i < query.length; i++) {
      along = Math.fma(query[i], entry[i], along);
    }
    float squares = 0;
    for (int i = 0; i < query.length; i++) {
      query[i] = Math.fma(-along, entry[i], query[i]);
      squares = Math.fma(query[i], query[i], squares);
    }
    if (!(squares > SQUARES_MIN)) {
      return false;
    }
    float across = (float) Math.sqrt((1 - cosine * cosine) / squares);
    for (int i = 0; i < query.length; i++) {
      query[i] = Math.fma(cosine, entry[i], across * query[i]);
    }
    return true;
  }
}
