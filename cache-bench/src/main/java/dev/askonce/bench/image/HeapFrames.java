package dev.askonce.bench.image;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.store.ResponseStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * Answers and cards in memory, by entry: opens at once, and a campaign can get at every byte. What
 * it holds outlives its closing.
 */
public final class HeapFrames implements ResponseStore {
  /** The frames of one entry; the arrays are never changed. */
  public record Frames(byte[] card, byte[] answer) {}

  private final Map<EntryId, Frames> frames =
      new ConcurrentSkipListMap<>(
          (a, b) ->
              a.epoch() != b.epoch()
                  ? Long.compare(a.epoch(), b.epoch())
                  : Long.compare(a.sequence(), b.sequence()));

  public HeapFrames() {}

  public HeapFrames(Map<EntryId, Frames> frames) {
    this.frames.putAll(frames);
  }

  /** {@return what is in it, by entry; a view} */
  public Map<EntryId, Frames> frames() {
    return frames;
  }

  /** {@return the entries, oldest first} */
  public List<EntryId> ids() {
    return new ArrayList<>(frames.keySet());
  }

  @Override
  public int put(EntryId id, byte[] card, byte[] answer) {
    frames.put(id, new Frames(card, answer));
    return 0;
  }

  @Override
  public byte[] answer(int shard, EntryId id) {
    Frames found = shard == 0 ? frames.get(id) : null;
    return found == null ? null : found.answer();
  }

  @Override
  public byte[] card(int shard, EntryId id) {
    Frames found = shard == 0 ? frames.get(id) : null;
    return found == null ? null : found.card();
  }

  @Override
  public void remove(int shard, EntryId id) {
    if (shard == 0) {
      frames.remove(id);
    }
  }

  @Override
  public long removeOrphans(Predicate<EntryId> live) {
    long before = frames.size();
    frames.keySet().removeIf(id -> !live.test(id));
    return 2 * (before - frames.size());
  }

  @Override
  public void close() {}
}
