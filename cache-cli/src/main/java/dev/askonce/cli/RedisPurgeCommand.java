package dev.askonce.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.redis.RedisInstallation;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce redis purge}: deletes an installation, or a tenant of it. */
@Command(
    name = "purge",
    description = {
      "Deletes all keys of an installation, and nothing else. Stop its caches first: those",
      "that run fill the logs again. With --tenant, what one tenant has: all caches are told."
    },
    mixinStandardHelpOptions = true)
final class RedisPurgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RedisOptions options;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "Only this tenant's; needs the secret, since names are keyed hashes.")
  private String tenant;

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws IOException {
    if (tenant != null) {
      options.needSecret("--tenant");
    }
    if (!yes) {
      throw new ParameterException(
          spec.commandLine(), "purge deletes what cannot be had again; say --yes");
    }
    try (RedisInstallation installation = options.open()) {
      Progress progress = options.progress("keys deleted");
      long deleted =
          tenant == null
              ? installation.purge(progress)
              : installation.purgeTenant(tenant, progress);
      ObjectNode report = JsonOutput.MAPPER.createObjectNode().put("keysDeleted", deleted);
      output.print(report, (same, out) -> out.printf("%,d keys deleted%n", deleted));
    }
    return 0;
  }
}
