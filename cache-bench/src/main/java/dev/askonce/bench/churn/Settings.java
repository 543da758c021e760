package dev.askonce.bench.churn;

import static dev.askonce.bench.data.InputException.require;

/**
 * What is churned, and how.
 *
 * @param live entries alive at any time, from 64 to 8,000,000
 * @param turnovers how often all of them are replaced, from 1
 * @param readers threads that look up while entries are put, from 0 to 64
 * @param backlog entries that may wait to be linked before puts wait for them, from 64
 */
public record Settings(int live, int turnovers, long seed, int readers, int backlog) {
  public Settings {
    require(live >= 64 && live <= 8_000_000, live + " live entries are not from 64 to 8000000");
    require(turnovers >= 1, turnovers + " turnovers are not from 1");
    require(readers >= 0 && readers <= 64, readers + " readers are not from 0 to 64");
    require(backlog >= 64, "a backlog of " + backlog + " is not from 64");
  }
}
