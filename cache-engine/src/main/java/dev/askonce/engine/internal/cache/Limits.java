package dev.askonce.engine.internal.cache;

import java.time.Duration;

/** The operator's limits and defaults of a put. */
record Limits(
    Duration ttl,
    Duration ttlMax,
    int entriesMax,
    long bytesMax,
    int slotsMax,
    boolean storeTexts) {
  static Limits of(CacheSettings settings, int segmentSlots) {
    // Room beside the entries for slots on their way back.
    int slotsMax = (int) Math.min(1L << 30, settings.entriesMax() + settings.entriesMax() / 4L);
    return new Limits(
        settings.ttl(),
        settings.ttlMax(),
        settings.entriesMax(),
        settings.bytesMax(),
        slotsMax + segmentSlots,
        settings.storeTexts());
  }
}
