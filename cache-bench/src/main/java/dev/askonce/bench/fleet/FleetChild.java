package dev.askonce.bench.fleet;

import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.redis.RedisReplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A process with one cache. Arguments: store, and the server's address unless it is alone. Reads a
 * task a line, answers each with a line, and ends with its input.
 */
public final class FleetChild {
  static final String READY = "ready";
  private static final int ENTRIES_MAX = 1_000_000;
  private static final int SECRET_BYTES = 32;
  private static final byte SECRET_FILLING = 7;

  private FleetChild() {}

  /** Runs the process. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    SemanticCacheBuilder builder =
        SemanticCache.at(Path.of(args[0]))
            .embedder(new Questions())
            .threshold(Questions.THRESHOLD)
            .entriesMax(ENTRIES_MAX);
    RedisReplication replication = args.length > 1 ? replication(args[1]) : null;
    if (replication != null) {
      builder.replication(replication);
    }
    try (SemanticCache cache = builder.open();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      FleetTasks tasks = new FleetTasks(cache, replication);
      out.println(READY);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(tasks.run(line.split(" ")));
      }
    }
  }

  private static RedisReplication replication(String uri) {
    byte[] secret = new byte[SECRET_BYTES];
    Arrays.fill(secret, SECRET_FILLING);
    return RedisReplication.at(uri).secret(secret).build();
  }
}
