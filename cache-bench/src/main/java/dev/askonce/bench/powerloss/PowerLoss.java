package dev.askonce.bench.powerloss;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.image.Children;
import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.bench.image.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The campaign: every combination after single operations, combinations by chance, and some of
 * stores with Chronicle Maps.
 *
 * @param images about how many stores are made by chance
 * @param every of the moments of single operations each so manieth is gone through
 * @param parallel child JVMs at a time
 */
public record PowerLoss(long seed, long images, int every, int parallel) {
  /** Images in the engine's own files for each case with Chronicle Maps. */
  private static final int IMAGES_PER_CHRONICLE_CASE = 4096;

  public PowerLossReport run(Progress progress) throws IOException, InterruptedException {
    long started = System.nanoTime();
    List<String> options = new ArrayList<>(Children.SMALL_HEAP);
    options.add("-Daskonce.crashPoints=true");
    try (MemoryFolder folder = MemoryFolder.create("askonce-powerloss-")) {
      progress.step("in " + folder.path());
      Children children =
          new Children(PowerLossChild.class, options, seed, parallel, folder.path(), progress);
      children.run(PowerLossChild.SUBSETS + PowerLossChild.EVERY + every, Cuts.subsetCases());
      children.run(PowerLossChild.RANDOM, Math.ceilDiv(images, Cuts.IMAGES));
      long before = children.tally().of(Outcome.IMAGES);
      children.run(PowerLossChild.CHRONICLE, Math.ceilDiv(images, IMAGES_PER_CHRONICLE_CASE));
      return PowerLossReport.of(
          children.tally(),
          children.tally().of(Outcome.IMAGES) - before,
          seed,
          (System.nanoTime() - started) / 1e9,
          children.findings());
    }
  }
}
