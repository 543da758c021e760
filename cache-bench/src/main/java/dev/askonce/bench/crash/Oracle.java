package dev.askonce.bench.crash;

import dev.askonce.bench.crash.Event.Group;
import dev.askonce.bench.crash.Event.Type;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store may answer, must answer and must not answer: a log of what was begun and what was
 * done, and the same as a model in memory. Whoever changes the store says so before and after.
 * Thread-safe; the puts of one key must come one after another.
 */
final class Oracle implements AutoCloseable {
  private static final long EXPIRES_UNKNOWN = 0;

  /*
   * The order of the log is the order of time: what was done before something else began, is before
   * it. A put or an invalidation without an end may have had its effect, in whole or in part, or
   * not. Such versions stay uncertain until somebody looks (`FOUND`, `MISSED`); from then on they
   * must stay as they were seen, so that nothing rises from the dead.
   */
  private final OracleLog log;
  private final Map<Long, Version> versions = new HashMap<>();
  private final Map<Long, List<Version>> present = new HashMap<>();
  private final Map<Long, Running> running = new HashMap<>();
  private final Deque<Version> vectors = new ArrayDeque<>();
  private int lastVectorKey = Truth.VECTOR_KEYS;
  private long length;
  private long lastNumber;

  /** An invalidation that has begun, and the versions that its end removes for certain. */
  private record Running(Event begun, List<Version> covered) {}

  private Oracle(Path file) throws IOException {
    log = OracleLog.open(file, this::apply);
    // Nobody looks any more from before they went.
    versions.values().removeIf(Version::isGone);
    vectors.removeIf(Version::isGone);
  }

  static Oracle open(Path file) throws IOException {
    return new Oracle(file);
  }

  synchronized void opening() {
    write(event(Type.OPENING, 0, 0));
  }

  /** Says that the files were damaged: all may be gone, and nothing else may be answered. */
  synchronized void damaged() {
    write(event(Type.DAMAGED, 0, 0));
  }

  synchronized Version beginPut(int scope, int key, int tags, int writer, long ttlMillis) {
    long number = lastNumber + 1;
    write(
        new Event(
            Type.PUT_BEGUN, tags, scope, key, number, now(), ttlMillis, 0, 0, writer, Group.ENTRY));
    return versions.get(number);
  }

  synchronized void donePut(Version version, EntryId id) {
    write(of(Type.PUT_DONE, version, id, 0));
  }

  /**
   * Says that a put was refused.
   *
   * @return whether an invalidation that ran meanwhile explains it: one of its tenant destroys the
   *     key that the answer was just sealed with
   */
  synchronized boolean droppedPut(Version version) {
    boolean explained = version.uncertain;
    write(of(Type.PUT_DROPPED, version, new EntryId(0, 0), 0));
    return explained;
  }

  /**
   * Says that an invalidation begins.
   *
   * @param which tag, writer or scope; of a tenant, a scope of his
   * @return its number, for {@link #doneGone}
   */
  synchronized long beginGone(Group group, int which) {
    return beginGone(group, which, 0);
  }

  synchronized long beginGone(Version version) {
    return beginGone(Group.ENTRY, 0, version.number);
  }

  private long beginGone(Group group, int which, long value) {
    long number = lastNumber + 1;
    write(new Event(Type.GONE_BEGUN, 0, 0, which, number, now(), value, 0, 0, 0, group));
    return number;
  }

  synchronized void doneGone(long number) {
    write(new Event(Type.GONE_DONE, 0, 0, 0, number, now(), 0, 0, 0, 0, Group.ENTRY));
  }

  synchronized void found(Version version, Hit hit) {
    write(of(Type.FOUND, version, hit.id(), hit.expires().toEpochMilli()));
  }

  /** A version was found by its id: when it expires is as little known as before. */
  synchronized void found(Version version) {
    write(of(Type.FOUND, version, version.id.orElseThrow(), EXPIRES_UNKNOWN));
  }

  synchronized void missed(Version version) {
    write(of(Type.MISSED, version, new EntryId(0, 0), 0));
  }

  /** {@return the length of the log: what is gone at it must not be answered later} */
  synchronized long length() {
    return length;
  }

  /** {@return whether anything must be there} */
  synchronized boolean expectsAny() {
    long now = now();
    return present.values().stream().flatMap(List::stream).anyMatch(v -> v.isCertain(now));
  }

  synchronized boolean isCertain(Version version, long nowMillis) {
    return version.isCertain(nowMillis);
  }

  /** {@return versions of a key that may be there} */
  synchronized List<Version> present(int scope, int key) {
    return List.copyOf(present.getOrDefault(place(scope, key), List.of()));
  }

  /** {@return a key without a text that was never put, with all after it} */
  synchronized int nextVectorKey() {
    return lastVectorKey + 1;
  }

  /** {@return the oldest entry without a text where there are more than {@code max}, else null} */
  synchronized Version oldestVector(int max) {
    while (vectors.size() > max) {
      Version oldest = vectors.poll();
      if (!oldest.isGone()) {
        return oldest;
      }
    }
    return null;
  }

  /** {@return all keys' versions that may be there} */
  synchronized List<List<Version>> present() {
    return present.values().stream().map(List::copyOf).toList();
  }

  /**
   * {@return what is wrong with a hit, if anything is}
   *
   * @param claim what its answer says of itself
   * @param since the log's length before the lookup
   * @param sinceMillis the time before the lookup
   */
  synchronized Optional<String> fault(
      Truth.Claim claim, Hit hit, int scope, int key, long since, long sinceMillis) {
    Version version = versions.get(claim.version());
    if (claim.scope() != scope) {
      return Optional.of("an answer of scope " + claim.scope());
    } else if (!Truth.isFamily(claim.key(), key)) {
      return Optional.of("an answer of key " + claim.key());
    } else if (version == null || version.scope != scope || version.key != claim.key()) {
      return Optional.of("version " + claim.version() + " of long ago, or never put");
    } else if (version.goneAt <= since) {
      return Optional.of(version + ", which is gone");
    } else if (sinceMillis >= version.expiresMax) {
      return Optional.of(version + ", which has expired");
    }
    long expires = hit.expires().toEpochMilli();
    boolean other =
        version.id.isPresent() && !version.id.get().equals(hit.id())
            || expires < version.expiresMin
            || expires > version.expiresMax
            || hit.savedNanoDollars() != version.number;
    return other ? Optional.of(version + " with fields of another entry") : Optional.empty();
  }

  private void write(Event event) {
    log.append(event);
    apply(event);
  }

  private void apply(Event event) {
    length++;
    lastNumber = Math.max(lastNumber, event.version());
    Version version = versions.get(event.version());
    switch (event.type()) {
      case OPENING -> opened(event);
      case DAMAGED -> versions.values().forEach(each -> each.uncertain = true);
      case PUT_BEGUN -> begun(new Version(event));
      case PUT_DONE -> done(version, event);
      case PUT_DROPPED, MISSED -> gone(version);
      case GONE_BEGUN -> goneBegun(event);
      case GONE_DONE -> running.remove(event.version()).covered().forEach(this::gone);
      case FOUND -> settled(version, event);
    }
  }

  private void opened(Event event) {
    // The process before is dead: what it had begun has had its effect or never will.
    running.clear();
    for (Version version : versions.values()) {
      version.expiresMax = Math.min(version.expiresMax, event.millis() + version.ttlMillis);
    }
  }

  private void begun(Version version) {
    if (version.hasText()) {
      present(version).forEach(older -> older.uncertain = true);
    }
    version.uncertain = running.values().stream().anyMatch(gone -> version.isIn(gone.begun()));
    versions.put(version.number, version);
    if (!version.hasText()) {
      vectors.add(version);
      lastVectorKey = Math.max(lastVectorKey, version.key);
    }
    present
        .computeIfAbsent(place(version.scope, version.key), key -> new ArrayList<>(1))
        .add(version);
  }

  private Collection<Version> present(Version version) {
    return present.getOrDefault(place(version.scope, version.key), List.of());
  }

  private void done(Version version, Event event) {
    version.id = event.id();
    version.expiresMax = event.millis() + version.ttlMillis;
    // An invalidation that was faster has taken it.
    if (!version.isGone()) {
      version.doneAt = length;
    }
    replaceOthers(version);
  }

  private void replaceOthers(Version version) {
    if (version.hasText()) {
      List.copyOf(present(version)).stream().filter(other -> other != version).forEach(this::gone);
    }
  }

  private void settled(Version version, Event event) {
    version.id = event.id();
    if (event.value() != EXPIRES_UNKNOWN) {
      version.expiresMin = event.value();
      version.expiresMax = event.value();
    }
    version.doneAt = length;
    version.uncertain = false;
    replaceOthers(version);
  }

  private void gone(Version version) {
    if (!version.isGone()) {
      version.goneAt = length;
      long place = place(version.scope, version.key);
      List<Version> left = present.get(place);
      left.remove(version);
      if (left.isEmpty()) {
        present.remove(place);
      }
    }
  }

  private void goneBegun(Event event) {
    List<Version> covered = new ArrayList<>();
    for (List<Version> some : present.values()) {
      for (Version version : some) {
        if (version.isIn(event)) {
          version.uncertain = true;
          if (version.isDone()) {
            covered.add(version);
          }
        }
      }
    }
    running.put(event.version(), new Running(event, covered));
  }

  private static long place(int scope, int key) {
    return (long) scope << 32 | key;
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private static Event event(Type type, int key, long number) {
    return new Event(type, 0, 0, key, number, now(), 0, 0, 0, 0, Group.ENTRY);
  }

  private static Event of(Type type, Version version, EntryId id, long value) {
    return new Event(
        type,
        version.tags,
        version.scope,
        version.key,
        version.number,
        now(),
        value,
        id.epoch(),
        id.sequence(),
        version.writer,
        Group.ENTRY);
  }

  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}
