package dev.askonce.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisProcess;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS ends in the proxy, whose certificate names {@code localhost} and nothing else. */
class RedisTlsTest {
  private static final String STORE_PASSWORD = "changeit";
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Answer ANSWER = Answer.text("42");

  private static RedisProcess server;
  private static FaultyProxy proxy;
  private static SSLContext context;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    context = context(selfSigned(directory.resolve("store.p12")));
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
  void sslContext_plainUri_isRefused() {
    RedisExactTierBuilder plain = RedisExactTier.at("redis://localhost");
    assertThrows(CacheException.InvalidOption.class, () -> plain.sslContext(context));
  }

  private static KeyStore selfSigned(Path file) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=test",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                STORE_PASSWORD)
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, STORE_PASSWORD.toCharArray());
    }
    store.setCertificateEntry("trusted", store.getCertificate("server"));
    return store;
  }

  private static SSLContext context(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, STORE_PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
