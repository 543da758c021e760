package dev.askonce.bench.powerloss;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.HeapFrames;
import dev.askonce.bench.image.Journal;
import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.powerloss.Expected.Key;
import dev.askonce.bench.powerloss.SimulatedDisk.Cut;
import dev.askonce.bench.powerloss.Workload.Operation;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.ChronicleResponseStore;
import dev.askonce.engine.internal.store.ResponseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Power cuts at every named moment of a workload; the stores that they leave are opened and asked.
 */
final class Cuts implements Cases {
  /** Images of one case of random cuts. */
  static final int IMAGES = 256;

  /** Images of one case with Chronicle Maps: each is recovered, which takes most of the time. */
  static final int CHRONICLE_IMAGES = 16;

  /** States with more choices than twelve are not gone through. */
  private static final int COMBINATIONS_MAX = 1 << 12;

  private static final int OPERATIONS_BEFORE = 4;
  private static final int OPERATIONS = 12;
  private static final int DIMENSION = 8;
  private static final int ENTRIES_MAX = 64;

  private record Moment(String where, Cut cut, Expected expected) {}

  private final SmallStore plain = new SmallStore(DIMENSION, ENTRIES_MAX);

  /** Of the case under way. */
  private SmallStore small = plain;

  private final String phase;
  private final int every;
  private final long seed;
  private final Path workplace;
  private final Path directory;
  private final Journal journal;

  Cuts(String phase, int every, long seed, Path folder, Journal journal) {
    this.phase = phase;
    this.every = every;
    this.seed = seed;
    this.journal = journal;
    workplace = folder.resolve("work");
    directory = folder.resolve("store");
  }

  /** {@return how many cases of every combination there are} */
  static long subsetCases() {
    return 2L * Operation.values().length;
  }

  @Override
  public void run(long number) throws IOException {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + number);
    Folders.delete(workplace);
    String context = phase + " case " + number;
    switch (phase) {
      case PowerLossChild.SUBSETS -> {
        Operation operation = Operation.values()[(int) (number / 2)];
        List<Moment> moments = moments(random, false, number % 2 == 1, List.of(operation));
        for (int i = Math.floorMod(seed + number, every); i < moments.size(); i += every) {
          checkAll(moments.get(i), context, random);
        }
      }
      case PowerLossChild.RANDOM -> {
        small = isEncrypted(number) ? plain.encrypted() : plain;
        checkSome(moments(random, false, isReopened(number), null), IMAGES, context, random);
      }
      default -> {
        small = isEncrypted(number) ? plain.encrypted() : plain;
        checkSome(
            moments(random, true, isReopened(number), null), CHRONICLE_IMAGES, context, random);
      }
    }
  }

  private static boolean isEncrypted(long number) {
    return number % 3 == 0;
  }

  /** Most stores are not new when the power is cut: a new one often is not there at all. */
  private static boolean isReopened(long number) {
    return number % 4 > 0;
  }

  /**
   * Runs a workload and looks at the disk at every named moment.
   *
   * @param reopened whether the store was closed in order and opened again before
   * @param operations those to be watched, or null for some by chance
   */
  private List<Moment> moments(
      Random random, boolean chronicle, boolean reopened, List<Operation> operations) {
    HeapFrames frames = new HeapFrames();
    SimulatedDisk disk = new SimulatedDisk(workplace, frames);
    List<Moment> moments = Collections.synchronizedList(new ArrayList<>());
    Disk.watch(disk::forced);
    CrashPoint.watch(point -> disk.look());
    ResponseStore.Factory answers =
        chronicle ? Cuts::chronicle : (path, clean) -> new WatchedFrames(frames, disk);
    try (Workload workload = new Workload(small, workplace, answers, random)) {
      for (int i = 0; i < OPERATIONS_BEFORE; i++) {
        workload.run(Operation.PUT_NEW);
      }
      if (reopened) {
        workload.run(Operation.REOPEN);
      }
      CrashPoint.watch(
          point -> moments.add(new Moment(point.name(), disk.cut(), workload.expected())));
      if (operations == null) {
        for (int i = 0; i < OPERATIONS; i++) {
          step(workload, workload.next(), moments, disk);
        }
      } else {
        operations.forEach(operation -> step(workload, operation, moments, disk));
      }
      CrashPoint.watch(point -> {});
      Disk.watch(path -> {});
    }
    return moments;
  }

  private static void step(
      Workload workload, Operation operation, List<Moment> moments, SimulatedDisk disk) {
    workload.run(operation);
    moments.add(new Moment("after " + operation, disk.cut(), workload.expected()));
  }

  private static ResponseStore chronicle(Path path, boolean clean) throws IOException {
    return new ChronicleResponseStore(
        path, ENTRIES_MAX, SmallStore.FRAME_BYTES_MAX, clean, Duration.ofSeconds(10));
  }

  private void checkAll(Moment moment, String context, Random random) throws IOException {
    Remains.Combinations combinations = new Remains.Combinations(moment.cut());
    Remains remains = combinations.next();
    int count = 0;
    for (; remains != null && count < COMBINATIONS_MAX; remains = combinations.next()) {
      check(remains, moment, context + ", " + moment.where() + ", combination " + count++);
    }
    if (remains == null) {
      journal.add(Outcome.EXHAUSTED, 1);
    }
    checkSome(List.of(moment), IMAGES, context, random);
  }

  private void checkSome(List<Moment> moments, int images, String context, Random random)
      throws IOException {
    for (int i = 0; i < images; i++) {
      Moment moment = moments.get(random.nextInt(moments.size()));
      Remains remains = Remains.random(moment.cut(), random);
      check(remains, moment, context + ", " + moment.where() + ", image " + i);
    }
  }

  private void check(Remains remains, Moment moment, String context) throws IOException {
    journal.beat();
    journal.add(Outcome.IMAGES, 1);
    remains.image.write(directory);
    ResponseStore.Factory answers =
        phase.equals(PowerLossChild.CHRONICLE)
            ? Cuts::chronicle
            : (path, clean) -> new HeapFrames(remains.frames);
    LocalSemanticCache cache = journal.opened(() -> small.open(directory, answers), context);
    if (cache == null) {
      return;
    }
    try (cache) {
      for (Key key : moment.expected().keys()) {
        ask(cache, key, moment.expected(), context);
      }
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": " + e);
    }
    remains.image.countAftermath(directory, journal, context);
  }

  private void ask(LocalSemanticCache cache, Key key, Expected expected, String context) {
    Entry entry = Entry.of(key.tenant(), key.question(), 0, small.texts());
    Optional<Answer> byText =
        cache.lookup(entry.scope(), entry.text(), LookupOptions.DEFAULTS).answer();
    Optional<Answer> byVector =
        cache.lookup(entry.scope(), entry.vector(), LookupOptions.DEFAULTS).answer();
    for (Optional<Answer> answer : List.of(byText, byVector)) {
      if (answer.isPresent() && !expected.mayAnswer(key).contains(answer.get())) {
        boolean revived = expected.wasStored(key, answer.get());
        journal.failed(
            revived ? Outcome.REVIVED : Outcome.WRONG,
            context + ": " + key + " was answered with " + answer.get().text());
      }
    }
    boolean answered = byText.isPresent() || byVector.isPresent();
    journal.add(answered ? Outcome.KEPT : Outcome.LOST, 1);
    if (!answered && expected.mustAnswer(key)) {
      journal.failed(Outcome.EXCESS, context + ": " + key + " was on the disk and is lost");
    }
  }

  /** Frames that outlive their cache, and whose force is seen. */
  private static final class WatchedFrames implements ResponseStore {
    private final HeapFrames frames;
    private final SimulatedDisk disk;

    WatchedFrames(HeapFrames frames, SimulatedDisk disk) {
      this.frames = frames;
      this.disk = disk;
    }

    @Override
    public int put(EntryId id, byte[] card, byte[] answer) {
      return frames.put(id, card, answer);
    }

    @Override
    public byte[] answer(int shard, EntryId id) {
      return frames.answer(shard, id);
    }

    @Override
    public byte[] card(int shard, EntryId id) {
      return frames.card(shard, id);
    }

    @Override
    public void remove(int shard, EntryId id) {
      frames.remove(shard, id);
    }

    @Override
    public void force() {
      disk.forcedFrames();
    }

    @Override
    public long removeOrphans(Predicate<EntryId> live) {
      return frames.removeOrphans(live);
    }

    @Override
    public void close() {}
  }
}
