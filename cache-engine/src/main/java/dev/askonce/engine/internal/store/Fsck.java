package dev.askonce.engine.internal.store;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.StoreReport;
import dev.askonce.engine.StoreReport.Condition;
import dev.askonce.engine.StoreReport.Finding;
import dev.askonce.engine.spi.AnswerFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Checks a store that no cache has open, and changes nothing in it: every record, every live
 * entry's vector, card and answer.
 */
public final class Fsck {
  private static final String SUPER = "SUPER";
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  /** The shards are there; these settings would be those of a new one. */
  private static final int UNUSED_SHARD_ENTRIES = 1024;

  private static final int UNUSED_FRAME_BYTES = 64 * 1024;

  private final Path directory;
  private final long nowMillis;
  private final Optional<ResponseStore.Factory> elsewhere;
  private final List<Finding> findings = new ArrayList<>();
  private long entries;
  private long expired;
  private long unfinished;
  private long slots;

  private Fsck(Path directory, long nowMillis, Optional<ResponseStore.Factory> elsewhere) {
    this.directory = directory;
    this.nowMillis = nowMillis;
    this.elsewhere = elsewhere;
  }

  /**
   * Checks the store in {@code directory}.
   *
   * @throws CacheException.StoreUnavailable if there is none
   * @throws CacheException.Locked if a cache has it open
   * @throws CacheException.Incompatible if another version wrote it
   */
  public static StoreReport check(Path directory, long nowMillis) {
    return check(directory, nowMillis, Optional.empty());
  }

  /** Checks a store whose answers may lie elsewhere than in Chronicle Maps. */
  public static StoreReport check(
      Path directory, long nowMillis, Optional<ResponseStore.Factory> elsewhere) {
    if (!Files.isRegularFile(Superblock.file(directory))) {
      throw new CacheException.StoreUnavailable("there is no store in " + directory);
    }
    try (StoreDirectory held = StoreDirectory.open(directory)) {
      return new Fsck(directory, nowMillis, elsewhere).run(held);
    } catch (IOException e) {
      throw new CacheException.StoreUnavailable("cannot read " + directory + ": " + e, e);
    }
  }

  private StoreReport run(StoreDirectory held) throws IOException {
    Superblock.Found found = Superblock.read(directory);
    if (found.reading() == Superblock.Reading.FOREIGN) {
      throw new CacheException.Incompatible(
          "the store in " + directory + " was written by another version of AskOnce");
    }
    if (found.damagedCopies() > 0) {
      find(SUPER, found.damagedCopies() + " of 2 copies do not verify");
    }
    if (!held.hasSecret() || held.secret().length == 0) {
      find("SECRET", "missing, or does not verify");
    }
    if (found.superblock().map(Superblock::encrypted).orElse(false)) {
      TenantKeys.problems(directory).forEach(problem -> find("KEYS", problem));
    }
    boolean clean = found.superblock().map(Superblock::clean).orElse(false);
    if (found.superblock().isPresent()) {
      checkEntries(found.superblock().get());
      FeedbackFile.problems(directory, found.superblock().get().frameSeed())
          .forEach(problem -> find("FEEDBACK", problem));
    }
    Condition condition =
        !findings.isEmpty() ? Condition.DAMAGED : clean ? Condition.CLEAN : Condition.UNCLEAN;
    return new StoreReport(
        condition, entries, expired, unfinished, slots, held.bytes(), List.copyOf(findings));
  }

  private void checkEntries(Superblock superblock) throws IOException {
    try (EntryTable table =
            new EntryTable(
                directory, superblock.uuid(), superblock.dimension(), superblock.segmentSlots());
        Answers answers = openAnswers(superblock.clean())) {
      boolean whole = true;
      for (int segment = 0; exists(segment); segment++) {
        // Those behind one that is not whole are named too, if they are not.
        whole &= isWhole(segment, superblock);
        if (whole) {
          table.grow();
        }
      }
      slots = table.capacity();
      SlotRecord record = new SlotRecord(table);
      for (int slot = 0; slot < table.capacity(); slot++) {
        record.copy(slot);
        if (SlotRecord.state(record.commit()) == SlotRecord.LIVE && record.verifies()) {
          checkLive(table, record, slot, answers, superblock);
        } else if (record.isUnfinished() && !superblock.clean()) {
          unfinished++;
        } else if (!record.isFree()) {
          find(slotsName(table, slot), slot, record.id(), "the record does not verify");
        }
      }
    }
  }

  /** {@return whether there is a file of this segment, or of the next} */
  private boolean exists(int segment) {
    return hasFileOf(segment) || hasFileOf(segment + 1);
  }

  private boolean hasFileOf(int segment) {
    return Files.exists(EntryTable.slotsFile(directory, segment))
        || Files.exists(EntryTable.vectorsFile(directory, segment));
  }

  /** {@return whether both files of a segment are there with the right length} */
  private boolean isWhole(int segment, Superblock superblock) throws IOException {
    Path records = EntryTable.slotsFile(directory, segment);
    long slotBytes = (long) superblock.segmentSlots() * SlotRecord.BYTES;
    long vectorBytes = superblock.segmentSlots() * EntryTable.vectorStride(superblock.dimension());
    return hasLength(records, slotBytes)
        & hasLength(EntryTable.vectorsFile(directory, segment), vectorBytes);
  }

  private boolean hasLength(Path file, long bytes) throws IOException {
    long actual = Files.exists(file) ? Files.size(file) : -1;
    if (actual != bytes) {
      find(
          file.getFileName().toString(),
          actual < 0 ? "missing" : "has " + actual + " bytes, expected " + bytes);
    }
    return actual == bytes;
  }

  private static String slotsName(EntryTable table, int slot) {
    return EntryTable.slotsFile(Path.of(""), slot / table.segmentSlots()).toString();
  }

  private void checkLive(
      EntryTable table, SlotRecord record, int slot, Answers answers, Superblock superblock) {
    if (record.hasVector() && !record.vectorVerifies()) {
      String file = EntryTable.vectorsFile(Path.of(""), slot / table.segmentSlots()).toString();
      find(file, slot, record.id(), "the vector does not verify");
      return;
    }
    Optional<String> problem = answers.problem(record, superblock);
    if (problem.isPresent()) {
      String file = ChronicleShard.answersFile(Path.of(""), record.shard()).toString();
      find(file, slot, record.id(), problem.get());
      return;
    }
    entries++;
    expired += record.expiresMillis() <= nowMillis ? 1 : 0;
  }

  private void find(String file, String problem) {
    findings.add(new Finding(file, Optional.empty(), Optional.empty(), problem));
  }

  private void find(String file, int slot, EntryId entry, String problem) {
    findings.add(new Finding(file, Optional.of(slot), Optional.of(entry), problem));
  }

  /** The answers of a store, or a recovered copy of them, or nothing if neither opens. */
  private record Answers(ResponseStore store, Path copy) implements AutoCloseable {
    Optional<String> problem(SlotRecord record, Superblock superblock) {
      if (store == null) {
        return Optional.of("the answers cannot be opened");
      }
      long seed = superblock.frameSeed();
      EntryId id = record.id();
      try {
        byte[] answer = store.answer(record.shard(), id);
        byte[] card = store.card(record.shard(), id);
        if (answer == null || card == null) {
          return Optional.of(answer == null ? "the answer is missing" : "the card is missing");
        }
        boolean answerHolds =
            superblock.encrypted()
                ? FrameCodec.isSealed(seed, id, record.scope(), answer)
                : AnswerFrame.decode(seed, id, record.scope(), answer).isPresent();
        boolean cardHolds =
            superblock.encrypted()
                ? FrameCodec.isSealed(seed, id, record.scope(), card)
                : PromptCard.decode(seed, id, record.scope(), card).isPresent();
        if (!answerHolds) {
          return Optional.of("the answer does not verify");
        }
        return cardHolds ? Optional.empty() : Optional.of("the card does not verify");
      } catch (TimeoutException e) {
        return Optional.of("the answer cannot be read");
      }
    }

    @Override
    public void close() throws IOException {
      if (store != null) {
        store.close();
      }
      if (copy != null) {
        deleteFiles(copy);
        Files.delete(copy);
      }
    }
  }

  /** Opens the answers in place after an orderly close, else recovers a copy of them. */
  private Answers openAnswers(boolean clean) throws IOException {
    if (elsewhere.isPresent()) {
      return new Answers(elsewhere.get().open(directory, clean), null);
    }
    int shards = ChronicleShards.count(directory);
    for (int shard = 0; shard < shards; shard++) {
      for (Path file :
          List.of(
              ChronicleShard.answersFile(directory, shard),
              ChronicleShard.cardsFile(directory, shard))) {
        if (!Files.exists(file)) {
          find(file.getFileName().toString(), "missing");
          return new Answers(null, null);
        }
      }
    }
    Path copy = clean ? null : copyAnswers();
    try {
      ResponseStore store =
          new ChronicleResponseStore(
              clean ? directory : copy,
              UNUSED_SHARD_ENTRIES,
              UNUSED_FRAME_BYTES,
              clean ? ChronicleShard.Left.AS_THEY_ARE : ChronicleShard.Left.COPY,
              READ_TIMEOUT);
      return new Answers(store, copy);
    } catch (IOException | RuntimeException e) {
      find("answers-00000.cm", "cannot be opened: " + e);
      return new Answers(null, copy);
    }
  }

  private Path copyAnswers() throws IOException {
    Path copy = Files.createTempDirectory("askonce-fsck-");
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cm")).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static void deleteFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
