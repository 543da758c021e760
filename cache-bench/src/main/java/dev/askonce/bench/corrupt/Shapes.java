package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Journal;
import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.StoreReport;
import dev.askonce.engine.internal.store.Fsck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Cut, changed, zeroed, swapped and stale files of a store with Chronicle Maps, closed in order or
 * not: one case each.
 */
final class Shapes implements Cases {
  private final LargeStore store;
  private final List<Shape> shapes;
  private final Path directory;
  private final Journal journal;

  Shapes(long seed, Path folder, Journal journal) throws IOException {
    this.journal = journal;
    directory = folder.resolve("store");
    store = new LargeStore(directory, seed);
    shapes = Shape.all(store.image, store.older);
  }

  @Override
  public long count() {
    return 2L * shapes.size();
  }

  @Override
  public void run(long number) throws IOException {
    Shape shape = shapes.get((int) (number / 2));
    boolean clean = number % 2 == 0;
    String context = shape + (clean ? "" : ", not closed in order");
    StoreImage damaged = (clean ? store.image : store.unclean).copy();
    byte[] whole = damaged.file(shape.file()).clone();
    shape.apply(damaged, store.older);
    if (Arrays.equals(whole, damaged.file(shape.file()))) {
      return;
    }
    damaged.write(directory);
    boolean reported = isReported(context);
    if (clean && !reported && mustBeReported(shape, damaged)) {
      journal.failed(Outcome.UNREPORTED, context);
    }
    int lost =
        store.settings.examine(directory, LargeStore::answers, store.entries, journal, context);
    if (lost > 0 && !reported) {
      if (shape.kind().mayBeSilent()) {
        journal.add(Outcome.SILENT, 1);
      } else {
        journal.failed(Outcome.UNREPORTED, context + ": " + lost + " entries were lost");
      }
    }
    store.image.countAftermath(directory, journal, context);
  }

  private boolean mustBeReported(Shape shape, StoreImage damaged) {
    return !Covered.isAnswerFile(shape.file())
        && !shape.kind().mayBeSilent()
        // Its copies are right in either place.
        && !(shape.kind() == Shape.Kind.SWAPPED && shape.file().equals("SUPER"))
        && store.covered().isDamaged(shape.file(), damaged.file(shape.file()));
  }

  private boolean isReported(String context) {
    if (!Files.exists(directory.resolve("SUPER"))) {
      return true;
    }
    try {
      return Fsck.check(directory, SmallStore.NOW.toEpochMilli()).condition()
          == StoreReport.Condition.DAMAGED;
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": fsck threw " + e);
      return true;
    }
  }
}
