package dev.askonce.bench.crash;

import static dev.askonce.bench.data.InputException.require;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How large a campaign is.
 *
 * @param cycles kills at random moments, from 0
 * @param pointRuns how often a child ends itself at each named point, from 0
 * @param jobs stores that are worked on at once, from 1 to 64
 * @param directory an empty or new directory that is kept; a temporary one where it is absent
 */
public record CrashSettings(
    int cycles, int pointRuns, long seed, int jobs, Optional<Path> directory) {
  public CrashSettings {
    require(cycles >= 0, cycles + " cycles are not from 0");
    require(pointRuns >= 0, pointRuns + " runs of each point are not from 0");
    require(cycles + pointRuns > 0, "there is nothing to do: give cycles or points");
    require(jobs >= 1 && jobs <= 64, jobs + " jobs are not from 1 to 64");
  }
}
