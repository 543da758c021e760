package dev.askonce.redis;

import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.engine.contract.SemanticCacheContract;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A replicated cache is to its callers like any other, while its server answers. */
class RedisCacheContractTest extends SemanticCacheContract {
  private static RedisProcess server;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void flush() {
    server.flush();
  }

  @Override
  protected SemanticCacheBuilder implementation(SemanticCacheBuilder builder) {
    return builder.replication(
        Fleet.quick(RedisReplication.at(server.uri()).secret(Fleet.secret((byte) 1))).build());
  }
}
