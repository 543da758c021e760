package dev.askonce.bench.corrupt;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Children;
import dev.askonce.bench.image.Journal;
import dev.askonce.bench.image.MemoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The campaign: bits of a small store one by one, shapes of damage, random bits of stores with
 * Chronicle Maps, and of the snapshots of graphs.
 *
 * @param every of the small store's bits, and of the shapes, each so manieth is taken
 * @param stores how many are hit by {@link RandomBits#FLIPS} random bits, and as many graphs by
 *     some
 * @param parallel child JVMs at a time
 */
public record Corrupt(long seed, int every, long stores, int parallel) {
  public CorruptReport run(Progress progress) throws IOException, InterruptedException {
    long started = System.nanoTime();
    try (MemoryFolder folder = MemoryFolder.create("askonce-corrupt-")) {
      progress.step("in " + folder.path());
      long bitsOfStore = count(CorruptChild.BITS, folder.path().resolve("bits"));
      long shapesOfStore = count(CorruptChild.SHAPES, folder.path().resolve("shapes"));
      long bits = Math.ceilDiv(bitsOfStore, every);
      long shapes = Math.ceilDiv(shapesOfStore, every);
      Children children =
          new Children(
              CorruptChild.class, Children.SMALL_HEAP, seed, parallel, folder.path(), progress);
      children.run(CorruptChild.BITS + CorruptChild.EVERY + every, bits);
      children.run(CorruptChild.SHAPES + CorruptChild.EVERY + every, shapes);
      children.run(CorruptChild.RANDOM, stores);
      children.run(CorruptChild.GRAPH, stores);
      return CorruptReport.of(
          children.tally(),
          bits,
          bitsOfStore,
          shapes,
          seed,
          (System.nanoTime() - started) / 1e9,
          children.findings());
    }
  }

  private long count(String phase, Path own) throws IOException {
    Files.createDirectory(own);
    try (Journal journal = Journal.open(own.resolve("journal"))) {
      Cases cases = CorruptChild.cases(phase, seed, own, journal);
      return cases.count();
    }
  }
}
