package dev.askonce.redis;

import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.engine.contract.SemanticCacheContract;
import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import java.time.Duration;

/** A replicated cache is to its callers like any other, though its server was never there. */
class RedisDownContractTest extends SemanticCacheContract {
  private final String nobody = "redis://127.0.0.1:" + RedisProcess.freePort();

  @Override
  protected SemanticCacheBuilder implementation(SemanticCacheBuilder builder) {
    return builder.replication(
        Fleet.quick(RedisReplication.at(nobody).secret(Fleet.secret((byte) 1)))
            .patience(Duration.ofMillis(50))
            .startWait(Duration.ofMillis(300))
            .closeWait(Duration.ofMillis(20))
            .build());
  }
}
