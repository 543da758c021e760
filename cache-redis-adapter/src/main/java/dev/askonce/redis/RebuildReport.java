package dev.askonce.redis;

/**
 * What a rebuild found and did.
 *
 * @param snapshotsWhole that have all their parts
 * @param snapshotsBroken that had not, and were taken apart
 * @param recordsRestored that were in parts left of them, and are in the logs again
 * @param chunksStale parts of older snapshots that were left over, and were deleted
 * @param scopesBusy whose snapshot a cache was making, and that were left alone
 * @param snapshotsNewer of a later version of AskOnce, which were left alone
 */
public record RebuildReport(
    long snapshotsWhole,
    long snapshotsBroken,
    long recordsRestored,
    long chunksStale,
    long scopesBusy,
    long snapshotsNewer) {}
