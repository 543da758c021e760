package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.CapturedLog;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.SelfSigned;
import dev.askonce.redis.rig.Texts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/**
 * Whatever happens, no secret and no text is in a log, a message or a printed object: of each test
 * all that was logged at any level is looked through, and all that it has shown.
 */
class SecretsTest {
  private static final String USER = "watchman";
  private static final String PASSWORD = "hush+hush/hush";
  private static final String LOGIN = USER + ":hush+hush%2Fhush@";
  private static final Scope SCOPE = Scope.tenant("walrus inc").with("model", "walrus-4");
  private static final String QUESTION = "why zanzibar? ";
  private static final String ANSWER = "quetzal ";
  private static final byte[] SECRET = new byte[32];

  static {
    new Random(7).nextBytes(SECRET);
  }

  private static final List<String> HIDDEN =
      List.of(
          USER,
          "hush",
          "walrus",
          "zanzibar",
          "quetzal",
          HexFormat.of().formatHex(SECRET, 0, 8),
          Base64.getEncoder().encodeToString(SECRET).substring(0, 12).toLowerCase(Locale.ROOT),
          Arrays.toString(SECRET).substring(1, 30),
          new String(SECRET, 0, 8, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));

  private static RedisProcess server;

  @TempDir Path directory;

  private final List<String> shown = new ArrayList<>();
  private CapturedLog log;
  private RedisReplication replication;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    server.flush();
    user("+@all");
    log = new CapturedLog();
  }

  @AfterEach
  void nothingHiddenWasShown() {
    log.close();
    assertFalse(shown.isEmpty());
    Stream.concat(log.lines().stream(), shown.stream())
        .forEach(
            line -> {
              for (String hidden : HIDDEN) {
                assertFalse(line.toLowerCase(Locale.ROOT).contains(hidden), line);
              }
            });
  }

  private static void user(String rules) {
    String[] all = ("SETUSER " + USER + " reset on >" + PASSWORD + " ~* " + rules).split(" ");
    server.command(Command.ACL, all);
  }

  private static String as(String login, String uri) {
    return uri.replace("://", "://" + login);
  }

  private void show(Object... objects) {
    for (Object object : objects) {
      if (object instanceof Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        shown.add(trace.toString());
      } else {
        shown.add(object.toString());
      }
    }
  }

  private SemanticCache cache(String uri, UnaryOperator<RedisReplicationBuilder> settings) {
    RedisReplicationBuilder builder =
        settings.apply(
            Fleet.quick(RedisReplication.at(uri).secret(SECRET))
                .startWait(Duration.ofMillis(50))
                .closeWait(Duration.ofMillis(50)));
    replication = builder.build();
    show(builder, replication);
    return SemanticCache.at(directory.resolve("" + shown.size()))
        .embedder(new Texts())
        .replication(replication)
        .open();
  }

  private void put(SemanticCache cache, int count) {
    for (int i = 0; i < count; i++) {
      cache.put(
          SCOPE, QUESTION + i, Answer.text(ANSWER + i), PutOptions.DEFAULTS.tags("tag of walrus"));
    }
  }

  private void awaitLogged(String part) {
    Await.until(
        () -> part + " is logged: " + log.lines(),
        () -> log.lines().stream().anyMatch(line -> line.contains(part)));
  }

  /** A cache that cannot share, and others who ask the same server. */
  private void fails(String uri, RedisTrouble trouble, UnaryOperator<RedisReplicationBuilder> how) {
    try (SemanticCache cache = cache(uri, how)) {
      put(cache, 3);
      Await.until(
          () -> trouble + ": " + replication.stats(),
          () -> replication.stats().troubles().containsKey(trouble));
      assertEquals(0, replication.stats().published());
      awaitLogged("records wait for the server");
      show(cache, cache.stats(), replication.stats());
    }
    show(replication, replication.stats());
  }

  private void othersFail(String uri) {
    RedisExactTierBuilder tiers = RedisExactTier.at(uri).secret(SECRET);
    try (RedisExactTier tier = tiers.open()) {
      assertFalse(tier.store(SCOPE, QUESTION, Answer.text(ANSWER), Duration.ofHours(1)));
      assertTrue(tier.find(SCOPE, QUESTION).isEmpty());
      show(tiers, tier, tier.stats());
    }
    RedisInstallationBuilder installations = RedisInstallation.at(uri).secret(SECRET);
    try (RedisInstallation installation = installations.open()) {
      show(installations, installation);
      for (Runnable call :
          List.<Runnable>of(
              installation::servers,
              installation::status,
              () -> installation.rebuild(done -> {}),
              () -> installation.purgeTenant("walrus inc", done -> {}))) {
        show(assertThrows(CacheException.ServerUnavailable.class, call::run));
      }
    }
  }

  @Test
  void mainPath_withTamperedRecords() {
    String uri = as(LOGIN, server.uri());
    try (SemanticCache cache = cache(uri, builder -> builder.snapshotEvery(20))) {
      try (LoadTicket leader = cache.acquire(SCOPE, QUESTION, LookupOptions.DEFAULTS)) {
        show(leader, leader.lookup());
        leader.fulfil(Answer.text(ANSWER), PutOptions.DEFAULTS);
      }
      put(cache, 50);
      Await.until("a snapshot", () -> replication.stats().snapshots() > 0);
      server.keys().stream()
          .filter(key -> key.contains(":log:") || key.contains(":control:"))
          .forEach(
              key -> server.command(Command.XADD, key, "*", "r", "sealed by nobody".repeat(9)));
      Await.until("tampering is seen", () -> replication.stats().skippedUnsealed() > 0);
      try (RedisInstallation installation =
          RedisInstallation.at(uri).secret(SECRET).deadline(Duration.ofSeconds(10)).open()) {
        show(installation, installation.status(), installation.rebuild(done -> {}));
        installation.purgeTenant("walrus inc", done -> {});
      }
      Await.until("removed", () -> !cache.lookup(SCOPE, QUESTION).isHit());
      server.flush();
      awaitLogged("a log has lost what was in it");
      show(cache, cache.stats(), replication.stats());
    }
    try (RedisExactTier tier =
        RedisExactTier.at(uri).secret(SECRET).deadline(Duration.ofSeconds(10)).open()) {
      assertTrue(tier.store(SCOPE, QUESTION, Answer.text(ANSWER), Duration.ofHours(1)));
      show(tier, tier.stats(), tier.find(SCOPE, QUESTION).isPresent());
    }
  }

  @Test
  void wrongPassword() {
    String uri = as(USER + ":hushed@", server.uri());
    fails(uri, RedisTrouble.UNREACHABLE, builder -> builder);
    othersFail(uri);
    String nobody = as("watchman2:hush@", server.uri());
    fails(nobody, RedisTrouble.UNREACHABLE, builder -> builder);
    othersFail(nobody);
  }

  @Test
  void commandsNotAllowed() {
    user("+get +ping");
    String uri = as(LOGIN, server.uri());
    fails(uri, RedisTrouble.ERROR_REPLY, builder -> builder);
    user("+ping");
    othersFail(uri);
  }

  @Test
  void certificateNotTrusted() throws Exception {
    try (FaultyProxy tls =
        new FaultyProxy(
            server.port(),
            SelfSigned.context(directory, "dns:localhost").getServerSocketFactory())) {
      String uri = "rediss://" + LOGIN + "localhost:" + tls.port();
      fails(
          uri, RedisTrouble.UNREACHABLE, builder -> builder.connectTimeout(Duration.ofSeconds(5)));
      othersFail(uri);
    }
  }

  @Test
  void serverGoneAndBack() {
    try (RedisProcess other = new RedisProcess();
        SemanticCache cache = cache(as("default:hush@", other.uri()), builder -> builder)) {
      put(cache, 3);
      Await.until("published", () -> replication.stats().published() >= 3);
      other.kill();
      put(cache, 6);
      awaitLogged("records wait for the server");
      awaitLogged("failed several times in a row");
      show(cache.stats(), replication.stats());
      other.start();
      awaitLogged("answers again");
      Await.until("all is published", () -> replication.stats().queued() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://HOST", "redis-sentinel://HOST/main", "redis-cluster://HOST"})
  void nobodyThere(String topology) {
    String uri = as(LOGIN, topology.replace("HOST", "127.0.0.1:" + RedisProcess.freePort()));
    fails(uri, RedisTrouble.UNREACHABLE, builder -> builder);
    othersFail(uri);
    if (topology.contains("sentinel")) {
      fails(uri, RedisTrouble.UNREACHABLE, builder -> builder.sentinelLogin(USER, PASSWORD));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://LOGINhost",
        "redis://LOGINhost/x",
        "redis://LOGINhost?hush",
        "redis://LOGINhost:99999",
        "redis://LOGIN",
        "redis://watchman:hu%sh@host",
        "redis://watchman:hush@hush@host",
        "redis://watchman@host",
        "redis-sentinel://LOGINhost",
        "redis-cluster://LOGINhost/3"
      })
  void uriThatIsNone(String form) {
    String uri = form.replace("LOGIN", LOGIN);
    for (Runnable call :
        List.<Runnable>of(
            () -> RedisReplication.at(uri),
            () -> RedisExactTier.at(uri),
            () -> RedisInstallation.at(uri))) {
      show(assertThrows(CacheException.InvalidOption.class, call::run));
    }
  }

  @Test
  void settingsThatAreNone() {
    RedisReplicationBuilder builder = RedisReplication.at(as(LOGIN, "redis://host"));
    show(
        assertThrows(
            CacheException.InvalidOption.class,
            () -> builder.secret(Arrays.copyOf(SECRET, SECRET.length - 1))),
        assertThrows(CacheException.InvalidOption.class, builder::build),
        assertThrows(
            CacheException.InvalidOption.class, () -> builder.sentinelLogin(USER, PASSWORD)));
    assertEquals(3, shown.size());
  }
}
