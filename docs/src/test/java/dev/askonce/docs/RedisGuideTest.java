package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.ExactTier;
import dev.askonce.redis.InstallationStatus;
import dev.askonce.redis.RedisExactTier;
import dev.askonce.redis.RedisInstallation;
import dev.askonce.redis.RedisReplication;
import dev.askonce.redis.ReplicationStats;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** Runs what docs/guides/redis.md shows. */
class RedisGuideTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static RedisServer server;
  private static String uri;

  private final byte[] secret = new byte[32];
  private final List<Object> told = new ArrayList<>();
  private int calls;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    uri = "redis://127.0.0.1:" + port;
    server = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
    server.start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.stop();
  }

  private Answer askModel() {
    calls++;
    return Answer.text("Choose 'Forgot password' on the sign-in page.");
  }

  private void tell(Object what) {
    told.add(what);
  }

  @Test
  void wiring_sharesWithTheNextThatOpens() {
    String text = "How do I reset my password?";
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      RedisReplication replication =
          RedisReplication.at(uri).secret(secret).keyPrefix("askonce").build();
      SemanticCache cache =
          SemanticCache.at(directory).embedder(embedder).replication(replication).open();
      // end
      cache.getOrLoad(SCOPE, text, this::askModel);
      // region
      ReplicationStats stats = replication.stats();
      boolean isHealthy = stats.linked() && stats.queuedMillis() < 10_000 && stats.skipped() == 0;
      // end
      assertEquals(0, stats.skippedUnsealed());
      tell(isHealthy);
      cache.close();
      try (SemanticCache second =
          SemanticCache.at(directory.resolveSibling(directory.getFileName() + "-2"))
              .embedder(embedder)
              .replication(RedisReplication.at(uri).secret(secret).build())
              .open()) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!second.lookup(SCOPE, text).isHit() && System.nanoTime() < deadline) {
          Thread.onSpinWait();
        }
        second.getOrLoad(SCOPE, text, this::askModel);
        assertEquals(1, calls);
      }
    }
  }

  @Test
  void installation_isLookedAtAndPurged() {
    // region
    try (RedisInstallation installation = RedisInstallation.at(uri).secret(secret).open()) {
      InstallationStatus status = installation.status();
      tell(status.logs().records());
      installation.purgeTenant("acme", deleted -> {});
    }
    // end
    assertEquals(1, told.size());
  }

  @Test
  void users_asTheGuideMakesThem_mayDoTheirWork() throws IOException {
    for (String line : guide().lines().filter(line -> line.startsWith("ACL SETUSER ")).toList()) {
      assertEquals("+OK", say(line.replace("PASSWORD", "hush")), line);
    }
    String caches = uri.replace("redis://", "redis://askonce:hush@");
    RedisReplication replication = RedisReplication.at(caches).secret(secret).build();
    try (SemanticCache cache =
        SemanticCache.at(directory).vectors(8, "by hand").replication(replication).open()) {
      cache.put(SCOPE, new float[] {1, 0, 0, 0, 0, 0, 0, 0}, Answer.text("x"), PutOptions.DEFAULTS);
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (replication.stats().published() == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertEquals(Map.of(), replication.stats().troubles());
    }
    try (RedisInstallation installation =
        RedisInstallation.at(uri.replace("redis://", "redis://operator:hush@"))
            .secret(secret)
            .open()) {
      assertTrue(installation.status().logs().records() > 0);
      installation.rebuild(done -> {});
      assertTrue(installation.purgeTenant("acme", deleted -> {}) > 0);
      installation.purge(deleted -> {});
    }
  }

  private static String guide() {
    return SourceTree.markdown().stream()
        .filter(page -> SourceTree.name(page).equals("docs/guides/redis.md"))
        .map(SourceTree::read)
        .findFirst()
        .orElseThrow();
  }

  /** Says a command to the server. {@return the first line of its reply} */
  private static String say(String command) throws IOException {
    int port = Integer.parseInt(uri.substring(uri.lastIndexOf(':') + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .findFirst()
          .orElse("");
    }
  }

  @Test
  void exactTier_answersARepeat() {
    String text = "When are you open?";
    Answer answer = Answer.text("Nine to five.");
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    do {
      told.clear();
      exactTier(text, answer);
      // The tier's own deadline is short, and a busy machine's answers are late.
    } while (!told.equals(List.of(Optional.of(answer))) && System.nanoTime() < deadline);
    assertEquals(List.of(Optional.of(answer)), told);
  }

  private void exactTier(String text, Answer answer) {
    // region
    try (ExactTier tier = RedisExactTier.at(uri).secret(secret).open()) {
      tier.store(SCOPE, text, answer, Duration.ofHours(1));
      Optional<Answer> found = tier.find(SCOPE, text); // whatever happens, within the deadline
      tell(found);
    }
    // end
  }
}
