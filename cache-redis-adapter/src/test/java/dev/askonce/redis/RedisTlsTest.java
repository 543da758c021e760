package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisCluster;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.SelfSigned;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS ends in the proxy, whose certificate names {@code localhost} and nothing else. */
class RedisTlsTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Answer ANSWER = Answer.text("42");

  private static RedisProcess server;
  private static FaultyProxy proxy;
  private static SSLContext context;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    context = SelfSigned.context(directory, "dns:localhost");
    server = new RedisProcess();
    proxy = new FaultyProxy(server.port(), context.getServerSocketFactory());
  }

  @AfterAll
  static void stop() {
    proxy.close();
    server.close();
  }

  private static RedisExactTierBuilder builder(String host) {
    return RedisExactTier.at("rediss://" + host + ":" + proxy.port())
        .secret(new byte[32])
        .deadline(Duration.ofSeconds(5))
        .connectTimeout(Duration.ofSeconds(5));
  }

  @Test
  void find_trustedCertificateOfTheHost_hits() {
    try (RedisExactTier tier = builder("localhost").sslContext(context).open()) {
      assertTrue(tier.store(SCOPE, "q", ANSWER, Duration.ofHours(1)));
      assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
      assertEquals(0, tier.stats().failures());
    }
  }

  @Test
  void find_certificateOfAnotherHost_misses() {
    try (RedisExactTier tier = builder("127.0.0.1").sslContext(context).open()) {
      assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
      assertEquals(1, tier.stats().count(RedisTrouble.UNREACHABLE));
    }
  }

  @Test
  void find_certificateNotTrusted_misses() {
    try (RedisExactTier tier = builder("localhost").open()) {
      assertFalse(tier.store(SCOPE, "q", ANSWER, Duration.ofHours(1)));
      assertEquals(1, tier.stats().count(RedisTrouble.UNREACHABLE));
    }
  }

  @Test
  void find_serverWithoutTls_misses() {
    String uri = server.uri().replace("redis://", "rediss://");
    try (RedisExactTier tier =
        RedisExactTier.at(uri).secret(new byte[32]).sslContext(context).open()) {
      assertEquals(Optional.empty(), tier.find(SCOPE, "q"));
      assertEquals(0, tier.stats().hits());
    }
  }

  @Test
  void find_clusterThroughTls_hits(@TempDir Path directory) throws Exception {
    SSLContext addresses = SelfSigned.context(directory, "ip:127.0.0.1");
    try (RedisCluster cluster = new RedisCluster(addresses.getServerSocketFactory());
        RedisExactTier tier = topology(cluster.uri()).sslContext(addresses).open();
        RedisExactTier distrustful = topology(cluster.uri()).open()) {
      for (int i = 0; i < 10; i++) {
        assertTrue(tier.store(SCOPE, "q" + i, ANSWER, Duration.ofHours(1)));
        assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q" + i));
      }
      assertEquals(Optional.empty(), distrustful.find(SCOPE, "q0"));
      assertEquals(1, distrustful.stats().count(RedisTrouble.UNREACHABLE));
    }
  }

  @Test
  void find_sentinelThroughTls_hits() {
    String port = Integer.toString(proxy.port());
    try (FaultyProxy sentinel = new FaultyProxy(server.port(), context.getServerSocketFactory());
        RedisExactTier tier =
            topology("redis-sentinel://localhost:" + sentinel.port() + "/main")
                .sslContext(context)
                .open()) {
      sentinel.fault(
          FaultyProxy.say("*2\r\n$9\r\nlocalhost\r\n$" + port.length() + "\r\n" + port + "\r\n"));
      assertTrue(tier.store(SCOPE, "q", ANSWER, Duration.ofHours(1)));
      assertEquals(Optional.of(ANSWER), tier.find(SCOPE, "q"));
    }
  }

  private static RedisExactTierBuilder topology(String uri) {
    return RedisExactTier.at(uri.replace("redis-", "rediss-"))
        .secret(new byte[32])
        .deadline(Duration.ofSeconds(5))
        .connectTimeout(Duration.ofSeconds(5));
  }

  @Test
  void sslContext_plainUri_isRefused() {
    RedisExactTierBuilder plain = RedisExactTier.at("redis://localhost");
    assertThrows(CacheException.InvalidOption.class, () -> plain.sslContext(context));
  }
}
