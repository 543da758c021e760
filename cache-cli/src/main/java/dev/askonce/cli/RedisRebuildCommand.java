package dev.askonce.cli;

import dev.askonce.redis.RebuildReport;
import dev.askonce.redis.RedisInstallation;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code askonce redis rebuild}: makes good what a server has lost. */
@Command(
    name = "rebuild",
    description = {
      "Makes good what a server has lost. Asks all caches to publish what the logs lack;",
      "puts what is left of broken snapshots into the logs; deletes what was left over.",
      "Caches that run do so within seconds: see redis status. Needs the secret."
    },
    mixinStandardHelpOptions = true)
final class RedisRebuildCommand implements Callable<Integer> {
  @Mixin private RedisOptions options;
  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    options.needSecret("rebuild");
    try (RedisInstallation installation = options.open()) {
      RebuildReport done = installation.rebuild(options.progress("scopes looked at"));
      output.print(
          done,
          (report, out) ->
              out.printf(
                  "%,d snapshots are whole, %,d were not: %,d of their records are in the logs"
                      + " again; %,d parts left over deleted; %,d scopes busy; %,d snapshots of a"
                      + " later version left alone%n"
                      + "the caches are asked to publish what the logs lack%n",
                  report.snapshotsWhole(),
                  report.snapshotsBroken(),
                  report.recordsRestored(),
                  report.chunksStale(),
                  report.scopesBusy(),
                  report.snapshotsNewer()));
    }
    return 0;
  }
}
