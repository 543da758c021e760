package dev.askonce.cli;

import dev.askonce.cli.demo.SharedDemo;
import dev.askonce.cli.demo.SharedDemoReport;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code askonce demo} that make it two processes which share through Redis. */
final class SharedDemoOptions {
  private static final int NAME_BYTES = 4;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      description = {
        "Run as two processes that share through this Redis, and say how many calls the second",
        "saved thanks to the first. Under a prefix of its own, which is deleted at the end."
      })
  private String uri;

  @Option(
      names = "--keep",
      description = "With --redis: leave what is on the server, for two hours.")
  private boolean keep;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = {
        "With --redis: the secret to share with, 32 bytes or 64 hexadecimal digits.",
        "Without it, a random one that nobody has after the run."
      })
  private Path secretFile;

  boolean isShared() {
    return uri != null;
  }

  /** {@return whether there are options that mean nothing without {@code --redis}} */
  boolean isHalf() {
    return uri == null && (keep || secretFile != null);
  }

  /**
   * @param directory where the processes have their stores
   */
  void run(Path directory, int requests, long seed, boolean json) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] secret = new byte[KeyedHash.SECRET_BYTES];
    random.nextBytes(secret);
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    String prefix = "askonce-demo-" + HexFormat.of().formatHex(name);
    PrintWriter err = spec.commandLine().getErr();
    SharedDemo.Settings settings =
        new SharedDemo.Settings(
            uri,
            prefix,
            secretFile == null ? secret : SecretFile.read(secretFile),
            directory,
            requests,
            seed);
    SharedDemoReport report =
        new SharedDemo(
                settings,
                (process, done) -> {
                  err.printf("%s: %,d of %,d questions%n", process, done, requests / 2);
                  err.flush();
                })
            .run(keep);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonOutput.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report));
    } else {
      report.print(out, keep ? "kept, with the prefix " + prefix : "nothing is left of it");
    }
    out.flush();
  }
}
