package dev.askonce.cli;

import dev.askonce.redis.RedisInstallation;
import dev.askonce.redis.RedisInstallationBuilder;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which installation {@code askonce redis} is about. Neither its URI nor its secret is printed. */
final class RedisOptions {
  static final String URI = "ASKONCE_REDIS_URI";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      description = {
        "redis://, redis-sentinel:// or redis-cluster://, rediss for TLS.",
        "Default: the environment's " + URI + ", where other users do not see its password."
      })
  private String uri;

  @Option(
      names = "--prefix",
      paramLabel = "P",
      defaultValue = "askonce",
      description = "What the installation's keys begin with. Default: ${DEFAULT-VALUE}.")
  private String prefix;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "The installation's secret: 32 bytes, or 64 hexadecimal digits.")
  private Path secretFile;

  boolean hasSecret() {
    return secretFile != null;
  }

  RedisInstallation open() throws IOException {
    String given = uri != null ? uri : System.getenv(URI);
    if (given == null) {
      throw new ParameterException(spec.commandLine(), "give --redis URI, or set " + URI);
    }
    RedisInstallationBuilder builder = RedisInstallation.at(given).keyPrefix(prefix);
    if (secretFile != null) {
      builder.secret(SecretFile.read(secretFile));
    }
    return builder.open();
  }

  /** Refuses what cannot be done without the secret. */
  void needSecret(String why) {
    if (!hasSecret()) {
      throw new ParameterException(spec.commandLine(), why + " needs --secret-file");
    }
  }

  /** Tells how far it is, now and then, on standard error. */
  Progress progress(String what) {
    return new Progress(spec.commandLine().getErr(), what);
  }
}
