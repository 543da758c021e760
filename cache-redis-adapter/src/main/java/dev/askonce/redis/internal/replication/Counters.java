package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Replica;
import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.ReplicationStats;
import dev.askonce.redis.internal.log.Opening;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the replication counts. Threading: any thread. */
final class Counters {
  private static final long LAG_MILLIS_MAX = 3_600_000;
  private static final int DIGITS = 3;

  final LongAdder published = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder removals = new LongAdder();
  final LongAdder touches = new LongAdder();
  final LongAdder joins = new LongAdder();
  final LongAdder losses = new LongAdder();
  final LongAdder overflows = new LongAdder();
  final LongAdder snapshots = new LongAdder();
  final LongAdder chunksMissing = new LongAdder();
  final LongAdder leads = new LongAdder();
  final LongAdder follows = new LongAdder();
  final LongAdder uncoordinated = new LongAdder();
  final Map<Replica.Outcome, LongAdder> entries = adders(Replica.Outcome.class);
  final Map<Opening.Reason, LongAdder> skipped = adders(Opening.Reason.class);
  private final Recorder lagMillis = new Recorder(LAG_MILLIS_MAX, DIGITS);
  private final Histogram lag = new Histogram(LAG_MILLIS_MAX, DIGITS);

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> kind) {
    Map<E, LongAdder> adders = new EnumMap<>(kind);
    for (E each : kind.getEnumConstants()) {
      adders.put(each, new LongAdder());
    }
    return adders;
  }

  /** Notes how long after its put an entry of another cache was here. */
  void lag(long millis) {
    lagMillis.recordValue(Math.clamp(millis, 0, LAG_MILLIS_MAX));
  }

  /** {@return all counts, and what others say of themselves} */
  synchronized ReplicationStats stats(
      boolean linked,
      int scopes,
      int scopesJoining,
      int queued,
      long queuedMillis,
      Map<RedisTrouble, Long> troubles) {
    lag.add(lagMillis.getIntervalHistogram());
    return new ReplicationStats(
        linked,
        scopes,
        scopesJoining,
        queued,
        queuedMillis,
        published.sum(),
        received.sum(),
        entries.get(Replica.Outcome.STORED).sum(),
        entries.get(Replica.Outcome.KNOWN).sum(),
        entries.get(Replica.Outcome.REMOVED).sum(),
        entries.get(Replica.Outcome.OUT_OF_TIME).sum(),
        entries.get(Replica.Outcome.REFUSED).sum(),
        removals.sum(),
        touches.sum(),
        skipped.get(Opening.Reason.FOREIGN_EMBEDDER).sum(),
        skipped.get(Opening.Reason.NEWER_FORMAT).sum(),
        skipped.get(Opening.Reason.UNSEALED).sum(),
        joins.sum(),
        losses.sum(),
        overflows.sum(),
        snapshots.sum(),
        chunksMissing.sum(),
        leads.sum(),
        follows.sum(),
        uncoordinated.sum(),
        lag.getValueAtPercentile(50),
        lag.getValueAtPercentile(99),
        troubles);
  }
}
