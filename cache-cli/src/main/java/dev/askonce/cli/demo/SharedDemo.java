package dev.askonce.cli.demo;

import dev.askonce.openai.standin.StandInServer;
import dev.askonce.redis.RedisInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The main job as two processes that share through Redis. The first serves half of the traffic and
 * stays, the second, with an empty store of its own, serves the other half. What the second saved
 * thanks to the first is learned by serving its half once more in a process that shares with
 * nobody.
 */
public final class SharedDemo {
  /**
   * What to run.
   *
   * @param directory where each process has its store
   */
  public record Settings(
      String uri, String prefix, byte[] secret, Path directory, int requests, long seed) {}

  /** Told how far a process is. */
  public interface Listener {
    void done(String process, int requests);
  }

  private static final double NANOS = 1e9;

  private final Settings settings;
  private final Listener listener;

  public SharedDemo(Settings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * @param keeps whether to leave the installation on the server
   */
  public SharedDemoReport run(boolean keeps) throws IOException {
    long start = System.nanoTime();
    try (RedisInstallation installation =
        RedisInstallation.at(settings.uri()).keyPrefix(settings.prefix()).open()) {
      String version = installation.servers().getFirst().version();
      KnowledgeBase base = KnowledgeBase.load();
      try (StandInServer model =
          StandInServer.start(request -> SupportDesk.respond(base, request))) {
        DemoWork[] shared = shared(installation, model.baseUrl(), keeps);
        DemoWork alone = alone(model.baseUrl());
        return SharedDemoReport.of(
            version, shared[0], shared[1], alone, (System.nanoTime() - start) / NANOS);
      }
    }
  }

  private DemoWork[] shared(RedisInstallation installation, String modelUrl, boolean keeps)
      throws IOException {
    int half = settings.requests() / 2;
    try (DemoProcess first = DemoProcess.start(job("first", settings.uri(), modelUrl, 0, half))) {
      DemoWork firstWork = first.await(done -> listener.done("first", done));
      DemoJob job = job("second", settings.uri(), modelUrl, half, settings.requests());
      try (DemoProcess second = DemoProcess.start(job)) {
        return new DemoWork[] {firstWork, second.await(done -> listener.done("second", done))};
      }
    } finally {
      // After both have closed: one that runs would fill the logs again.
      if (!keeps) {
        installation.purge(deleted -> {});
      }
    }
  }

  private DemoWork alone(String modelUrl) throws IOException {
    int half = settings.requests() / 2;
    DemoJob job = job("alone", null, modelUrl, half, settings.requests());
    try (DemoProcess process = DemoProcess.start(job)) {
      return process.await(done -> listener.done("second, without the first", done));
    }
  }

  private DemoJob job(String name, String uri, String modelUrl, int from, int to) {
    return new DemoJob(
        uri,
        HexFormat.of().formatHex(settings.secret()),
        settings.prefix(),
        settings.directory().resolve(name).toString(),
        modelUrl,
        settings.requests(),
        settings.seed(),
        from,
        to);
  }
}
