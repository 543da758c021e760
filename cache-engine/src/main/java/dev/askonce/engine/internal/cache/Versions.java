package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.store.SlotRecord;

/**
 * Which of several entries of one key remains. In a replicated cache it is the one of the highest
 * version, which is the time of its put: raised where that is needed to be after the entry that it
 * replaces and after every removal that was seen.
 */
final class Versions {
  private final Core core;
  private final SlotRecord record;

  Versions(Core core) {
    this.core = core;
    record = new SlotRecord(core.table);
  }

  /** {@return the version of an entry that is put now} */
  long of(Write write) {
    if (write.isForeign()) {
      return write.foreign().version();
    }
    long now = core.nowMillis();
    if (!core.isReplicated()) {
      return now;
    }
    core.writerLock.lock();
    try {
      long least = core.replication.versionMin();
      if (core.exact.find(write.asked().textHash, record) != ExactTable.ABSENT) {
        least = Math.max(least, record.createdMillis() + 1);
      }
      return Math.max(now, least);
    } finally {
      core.writerLock.unlock();
    }
  }

  /** {@return why an entry is not to be stored, or null} Under the writer's lock. */
  Write.Outcome refusal(Write write, SlotRecord fields) {
    if (!core.isReplicated()) {
      return null;
    }
    if (write.isForeign() && !core.replication.admits(write.foreign())) {
      return Write.Outcome.REMOVED;
    }
    if (!write.isForeign() && fields.createdMillis() < core.replication.versionMin()) {
      return Write.Outcome.OUTDATED;
    }
    if (core.exact.find(write.asked().textHash, record) == ExactTable.ABSENT) {
      return null;
    }
    boolean wins =
        record.createdMillis() < fields.createdMillis()
            || record.createdMillis() == fields.createdMillis() && record.id().equals(write.tied());
    return wins ? null : Write.Outcome.OUTDATED;
  }
}
