package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.engine.internal.base.PrivateFiles;
import dev.askonce.engine.internal.index.GraphSnapshot;
import dev.askonce.engine.internal.index.IndexSpace;
import dev.askonce.engine.internal.index.LoadedGraphs;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.FeedbackFile;
import dev.askonce.engine.internal.store.FrameCodec;
import dev.askonce.engine.internal.store.MasterKey;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.StoreDirectory;
import dev.askonce.engine.internal.store.Superblock;
import dev.askonce.engine.internal.store.TenantKeys;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a directory: a store that fits is mapped and its records are read; one that does not fit is
 * refused or moved aside; a damaged one is moved aside, always, since a cache may start empty but
 * may not keep a service from starting.
 */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private final CacheSettings settings;
  private final ResponseStore.Factory responseStores;
  private final StoreDirectory directory;
  private final Optional<MasterKey> masterKey;

  /** The hashes under the secret that caches share; empty where the store has its own. */
  private final Optional<KeyedHash> sharedHash;

  Superblock superblock;
  EntryTable table;
  ResponseStore responses;
  IndexSpace space;
  KeyedHash hash;
  GuardedClock clock;
  FrameCodec frames;
  FeedbackFile feedback;
  boolean wasClean;

  private Opening(
      CacheSettings settings, ResponseStore.Factory responseStores, StoreDirectory directory) {
    this.settings = settings;
    this.responseStores = responseStores;
    this.directory = directory;
    masterKey = settings.encryptionKey().map(MasterKey::new);
    sharedHash = settings.replication().map(replication -> new KeyedHash(replication.secret()));
  }

  /** Opens everything but the lookups' own structures; on failure nothing stays open. */
  static Opening open(
      CacheSettings settings, ResponseStore.Factory responseStores, StoreDirectory directory) {
    Opening opening = new Opening(settings, responseStores, directory);
    try {
      Optional<Superblock> usable = opening.usableSuperblock();
      if (usable.isPresent()) {
        try {
          opening.map(usable.get());
          return opening;
        } catch (DamagedFileException | RuntimeException e) {
          LOG.warn("the store is damaged and is moved aside, keys included: {}", e.toString());
          opening.close();
          directory.moveAside(settings.clock().millis());
        }
      }
      opening.map(opening.newSuperblock());
      return opening;
    } catch (IOException e) {
      // No damage: no room, no right, too many open files. The store may be fine.
      opening.close();
      throw new CacheException.StoreUnavailable(
          "cannot open a store in " + directory.path() + ": " + e, e);
    } catch (RuntimeException | Error e) {
      opening.close();
      throw e;
    }
  }

  /** {@return the superblock of a store that may be opened; what may not be is moved aside} */
  private Optional<Superblock> usableSuperblock() throws IOException {
    Superblock.Found found = Superblock.read(directory.path());
    if (found.reading() == Superblock.Reading.ABSENT && directory.isOfSomethingElse()) {
      throw new CacheException.StoreUnavailable(
          directory.path() + " holds other files and no store; choose an empty or a new directory");
    }
    String problem =
        switch (found.reading()) {
          case ABSENT, DAMAGED -> null;
          case FOREIGN -> "it was written by another version of AskOnce";
          case VALID -> misfit(found.superblock().orElseThrow());
        };
    if (problem != null && !settings.startFresh()) {
      throw new CacheException.Incompatible(
          "the store in "
              + directory.path()
              + " does not fit: "
              + problem
              + "; choose another directory, or let the cache start fresh");
    }
    boolean usable =
        found.reading() == Superblock.Reading.VALID
            && problem == null
            && directory.hasSecret()
            && directory.secret().length > 0
            && (masterKey.isEmpty() || hasKeys());
    if (usable) {
      return found.damagedCopies() == 0
          ? found.superblock()
          : found.superblock().map(Superblock::withoutNewer);
    }
    Path aside = directory.moveAside(settings.clock().millis());
    if (aside != null) {
      LOG.warn("starting empty; the old files are in {}", aside.getFileName());
    }
    return Optional.empty();
  }

  private boolean hasKeys() {
    return Files.exists(TenantKeys.file(directory.path()));
  }

  private String misfit(Superblock found) throws IOException {
    if (found.encrypted() != masterKey.isPresent()) {
      return found.encrypted() ? "it is encrypted: give its key" : "it is not encrypted";
    }
    if (found.encrypted()
        && hasKeys()
        && TenantKeys.isOfAnother(directory.path(), found.uuid(), masterKey.orElseThrow())) {
      return "it is encrypted with another key";
    }
    if (!found.nameCheck().equals(nameCheck())) {
      return sharedHash.isEmpty()
          ? "it is replicated: give its replication"
          : found.nameCheck().isEmpty()
              ? "it was not replicated from its creation on"
              : "it is replicated with another secret";
    }
    if (found.dimension() != settings.dimension()) {
      return "its vectors have " + found.dimension() + " components, not " + settings.dimension();
    }
    return Arrays.equals(found.fingerprint(), fingerprint())
        ? null
        : "its vectors are those of another embedder";
  }

  private OptionalLong nameCheck() {
    return sharedHash.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(sharedHash.get().name("check", "shared secret"));
  }

  private byte[] fingerprint() {
    return Superblock.fingerprintOf(settings.vectorFingerprint());
  }

  private Superblock newSuperblock() throws IOException {
    PrivateFiles.createFile(Superblock.file(directory.path()));
    CrashPoint.SUPERBLOCK_FILE_MADE.reached();
    long now = settings.clock().millis();
    int slots = Math.min(EntryTable.SEGMENT_SLOTS_MAX, roundUp(settings.entriesMax()));
    return new Superblock(
        UUID.randomUUID(),
        settings.dimension(),
        fingerprint(),
        slots,
        0,
        0,
        true,
        masterKey.isPresent(),
        nameCheck(),
        now,
        now);
  }

  private static int roundUp(int entries) {
    return Integer.highestOneBit(entries - 1) << 1;
  }

  private void map(Superblock found) throws IOException {
    wasClean = found.clean();
    clock = new GuardedClock(settings.clock(), found.writtenMillis());
    superblock = found.next(false, found.epoch() + 1, clock.sureMillis());
    superblock.write(directory.path());
    boolean isNew = !directory.hasSecret();
    byte[] ownSecret = directory.secret();
    hash = sharedHash.orElseGet(() -> new KeyedHash(hashSecret(found.uuid(), ownSecret)));
    frames = new FrameCodec(found.frameSeed(), openKeys(found.uuid(), isNew));
    feedback = FeedbackFile.open(directory.path(), found.frameSeed());
    if (feedback.damaged() > 0) {
      LOG.warn("{} reports of wrong answers are damaged and lost", feedback.damaged());
    }
    table =
        new EntryTable(directory.path(), found.uuid(), settings.dimension(), found.segmentSlots());
    while (hasSegment(table.capacity() / table.segmentSlots())) {
      table.grow();
      CrashPoint.SEGMENT_MAPPED.reached();
    }
    responses = responseStores.open(directory.path(), wasClean);
    space =
        new IndexSpace(
            table, Kernels.chosen(), found.uuid().getLeastSignificantBits(), settings.searchBeam());
  }

  private byte[] hashSecret(UUID store, byte[] secret) {
    return masterKey.map(master -> master.hashSecret(store, secret)).orElse(secret);
  }

  private Optional<TenantKeys> openKeys(UUID store, boolean isNew) throws IOException {
    if (masterKey.isEmpty()) {
      return Optional.empty();
    }
    MasterKey master = masterKey.get();
    if (isNew) {
      TenantKeys.create(directory.path(), store, master);
    }
    return Optional.of(TenantKeys.open(directory.path(), store, master));
  }

  private boolean hasSegment(int segment) {
    return Files.exists(EntryTable.slotsFile(directory.path(), segment));
  }

  /**
   * Takes over the graphs of the last orderly close, where there are any of this store.
   *
   * @return what is to be compared with the records, or null
   */
  LoadedGraphs loadGraphs(Core core) {
    Path file = StoreDirectory.graphFile(directory.path());
    GraphSnapshot snapshot = null;
    try {
      snapshot = Files.exists(file) ? GraphSnapshot.open(file, space) : null;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.warn("no graphs from the last time, they are linked anew: {}", e.toString());
    }
    if (snapshot == null) {
      return null;
    }
    LoadedGraphs graphs = space.load(snapshot, core.epochs);
    graphs.indexes().forEach(index -> core.scopes.put(index.scope(), index));
    return graphs;
  }

  /** Keeps the graphs for the next opening, while nobody changes them. */
  private void saveGraphs(Core core) {
    if (!space.isSettled()) {
      // Those in the file are as good: what left them since then has another generation.
      return;
    }
    List<ScopeIndex> indexes = core.scopes.values().stream().filter(ScopeIndex::hasGraph).toList();
    Path file = StoreDirectory.graphFile(directory.path());
    Path unfinished = StoreDirectory.unfinished(file);
    try {
      if (indexes.isEmpty()) {
        Files.deleteIfExists(file);
        return;
      }
      Files.deleteIfExists(unfinished);
      PrivateFiles.createFile(unfinished);
      GraphSnapshot.write(unfinished, space, indexes);
      CrashPoint.GRAPHS_WRITTEN.reached();
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      CrashPoint.GRAPHS_NAMED.reached();
    } catch (IOException | RuntimeException | OutOfMemoryError | InternalError e) {
      LOG.warn("graphs are not kept, they will be linked anew: {}", e.toString());
    }
  }

  /**
   * Brings all to the disk, closes it, and then marks it as closed in order: nothing may be on its
   * way then. The directory stays locked.
   *
   * @param complete whether all that is there could be used
   */
  void finish(Core core, boolean complete) {
    boolean clean = false;
    try {
      clean = forceAll() && complete && !responses.needsRecovery();
      // After the records, or it could know entries that a power cut took.
      saveGraphs(core);
      CrashPoint.TABLE_FORCED.reached();
    } finally {
      close();
    }
    CrashPoint.STORE_CLOSED.reached();
    if (clean) {
      markClean(core.clock.sureMillis());
    }
  }

  /** {@return whether all is on the disk} */
  private boolean forceAll() {
    try {
      responses.force();
      table.force();
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("not all is on the disk; the next opening will recover: {}", e.toString());
      return false;
    }
  }

  /** Last of all: everything else is in its files, so that the next opening need not recover. */
  private void markClean(long nowMillis) {
    try {
      superblock.next(true, superblock.epoch(), nowMillis).write(directory.path());
      CrashPoint.MARKED_CLEAN.reached();
    } catch (IOException e) {
      LOG.warn("no clean mark written; the next opening will recover: {}", e.toString());
    }
  }

  /** Closes what is open, in the reverse order; the directory stays locked. */
  void close() {
    if (space != null) {
      space.close();
    }
    if (responses != null) {
      responses.close();
    }
    if (table != null) {
      table.close();
    }
    if (feedback != null) {
      feedback.close();
    }
    if (frames != null) {
      frames.close();
    }
    space = null;
    responses = null;
    table = null;
    feedback = null;
    frames = null;
  }
}
