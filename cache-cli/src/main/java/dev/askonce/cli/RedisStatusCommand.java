package dev.askonce.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.redis.InstallationStatus;
import dev.askonce.redis.RedisInstallation;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code askonce redis status}: looks, and changes nothing. */
@Command(
    name = "status",
    description = {
      "Says what servers there are and what an installation has on them.",
      "With the secret every record is read, to say whether caches can open it."
    },
    mixinStandardHelpOptions = true)
final class RedisStatusCommand implements Callable<Integer> {
  @Mixin private RedisOptions options;
  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    try (RedisInstallation installation = options.open()) {
      InstallationStatus status = installation.status();
      output.print(json(status), (same, out) -> print(status, out));
    }
    return 0;
  }

  private static ObjectNode json(InstallationStatus status) {
    ObjectNode node = JsonOutput.MAPPER.createObjectNode().put("prefix", status.prefix());
    node.set("servers", JsonOutput.MAPPER.valueToTree(status.servers()));
    node.set("keys", JsonOutput.MAPPER.valueToTree(new TreeMap<>(status.keys())));
    node.put("scopes", status.scopes());
    node.set("logs", JsonOutput.MAPPER.valueToTree(status.logs()));
    node.set("snapshots", JsonOutput.MAPPER.valueToTree(status.snapshots()));
    status
        .records()
        .ifPresent(records -> node.set("records", JsonOutput.MAPPER.valueToTree(records)));
    return node;
  }

  private static void print(InstallationStatus status, PrintWriter out) {
    for (InstallationStatus.Server server : status.servers()) {
      out.printf(
          "server     %s: Redis %s, %s with %d replicas, %,.1f MB used%s%n",
          server.address(),
          server.version(),
          server.role(),
          server.replicas(),
          server.usedBytes() / 1e6,
          server.maxBytes() == 0
              ? ", no limit"
              : " of %,.1f MB, %s".formatted(server.maxBytes() / 1e6, server.policy()));
    }
    out.printf("keys       %s%n", new TreeMap<>(status.keys()));
    out.printf("scopes     %,d%n", status.scopes());
    out.printf(
        "logs       %,d records, %,d in the longest; %,d in that of all scopes%n",
        status.logs().records(), status.logs().recordsMost(), status.logs().controlRecords());
    InstallationStatus.Snapshots snapshots = status.snapshots();
    out.printf(
        "snapshots  %,d, %,.1f MB, made %s to %s ago%n",
        snapshots.count(),
        snapshots.bytes() / 1e6,
        age(snapshots.newestMillis()),
        age(snapshots.oldestMillis()));
    status
        .records()
        .ifPresent(
            records ->
                out.printf(
                    "records    %,d open, %,d of another embedder, %,d of a later version, %,d"
                        + " not sealed with this secret; %,d parts of snapshots damaged%n",
                    records.opened(),
                    records.foreign(),
                    records.newer(),
                    records.unsealed(),
                    records.chunksUnreadable()));
  }

  private static String age(long millis) {
    Duration age = Duration.ofMillis(millis);
    return age.toHours() >= 48
        ? age.toDays() + " days"
        : age.toMinutes() >= 120 ? age.toHours() + " h" : age.toSeconds() + " s";
  }
}
