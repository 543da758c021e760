package dev.askonce.redis.internal.server;

import static dev.askonce.redis.internal.server.TestServers.add;
import static dev.askonce.redis.internal.server.TestServers.addAtLast;
import static dev.askonce.redis.internal.server.TestServers.key;
import static dev.askonce.redis.internal.server.TestServers.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.TestServers.Follower;
import dev.askonce.redis.rig.RedisSentinelSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One Sentinel with a password of its own, whose primary dies. */
@Timeout(120)
class SentinelOutageTest {
  private static ServerSettings settings(String uri, Login sentinelLogin) {
    ServerSettings usual = TestServers.settings(uri);
    return new ServerSettings(
        usual.address(),
        sentinelLogin,
        usual.sslContext(),
        usual.deadline(),
        usual.connectTimeout(),
        usual.connectionsMax(),
        usual.limits(),
        usual.failuresMax(),
        usual.backoff(),
        usual.nanoTime());
  }

  @Test
  void everything_primaryKilled_goesOnWithTheOther() {
    List<String> guarded = List.of("user watcher on >own -@all +sentinel|get-master-addr-by-name");
    byte[] key = key(0, "x");
    try (RedisSentinelSet set = new RedisSentinelSet(1, List.of(), guarded);
        Servers servers = Servers.open(settings(set.uri(), new Login("watcher", "own")));
        Servers wrong = Servers.open(settings(set.uri(), new Login("watcher", "guess")));
        Follower follower = new Follower(servers, 0, key)) {
      assertEquals(
          Optional.of(RedisTrouble.UNREACHABLE),
          wrong.pipeline(0, List.of(Streams.add(key, record(0)))).trouble());
      assertFalse(wrong.toString().contains("guess"));
      follower.connect();
      add(servers, 0, key, record(1));
      follower.await(1);
      set.killPrimary();
      addAtLast(servers, 0, key, record(2));
      follower.await(2);
      assertEquals("record 2", follower.records.getLast());
    }
  }
}
