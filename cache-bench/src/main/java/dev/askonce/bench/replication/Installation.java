package dev.askonce.bench.replication;

import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisCluster;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.RedisSentinelSet;
import java.util.List;
import java.util.Random;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Real servers, a proxy before each, and what may befall them. */
interface Installation extends AutoCloseable {
  static Installation open(FaultSettings.Topology topology) {
    return switch (topology) {
      case SINGLE -> new Single();
      case CLUSTER -> new Cluster();
      case SENTINEL -> new Sentinel();
    };
  }

  String uri();

  List<FaultyProxy> proxies();

  /** {@return the servers that are written to now} */
  List<RedisProcess> primaries();

  /** Another server takes the place of one. {@return whether there was another} */
  boolean failOver(Random random);

  /** Kills one server and starts it with nothing in it. */
  void restart(Random random);

  /** Waits until all servers are there, and replicas in step. */
  void heal();

  /** Empties the servers. */
  default void flush() {
    primaries().forEach(RedisProcess::flush);
  }

  /** Has the servers refuse what is written, or take it again. */
  default void full(boolean full) {
    primaries().forEach(p -> p.command(Command.CONFIG, "SET", "maxmemory", full ? "1" : "0"));
  }

  @Override
  void close();

  /** One server. */
  final class Single implements Installation {
    private final RedisProcess server = new RedisProcess();
    private final FaultyProxy proxy = new FaultyProxy(server.port());

    @Override
    public String uri() {
      return proxy.uri();
    }

    @Override
    public List<FaultyProxy> proxies() {
      return List.of(proxy);
    }

    @Override
    public List<RedisProcess> primaries() {
      return List.of(server);
    }

    @Override
    public boolean failOver(Random random) {
      return false;
    }

    @Override
    public void restart(Random random) {
      server.kill();
      server.start();
    }

    @Override
    public void heal() {
      full(false);
    }

    @Override
    public void close() {
      proxy.close();
      server.close();
    }
  }

  /** Three primaries, each with a replica. */
  final class Cluster implements Installation {
    private final RedisCluster cluster = new RedisCluster(true);

    @Override
    public String uri() {
      return cluster.uri();
    }

    @Override
    public List<FaultyProxy> proxies() {
      return cluster.members().stream().map(RedisCluster.Member::proxy).toList();
    }

    @Override
    public List<RedisProcess> primaries() {
      return cluster.members().stream()
          .filter(member -> member.process().isAlive() && member.isPrimary())
          .map(RedisCluster.Member::process)
          .toList();
    }

    @Override
    public boolean failOver(Random random) {
      cluster.failOver(random.nextInt(16_384));
      cluster.awaitReplicas();
      return true;
    }

    @Override
    public void restart(Random random) {
      cluster.killOwner(random.nextInt(16_384)).process().start();
      cluster.awaitReplicas();
    }

    @Override
    public void heal() {
      full(false);
      cluster.awaitReplicas();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  /** A primary, its replica, and three Sentinels. */
  final class Sentinel implements Installation {
    private final RedisSentinelSet set = new RedisSentinelSet(3);

    @Override
    public String uri() {
      return set.uri();
    }

    @Override
    public List<FaultyProxy> proxies() {
      return set.proxies();
    }

    @Override
    public List<RedisProcess> primaries() {
      return List.of(set.primary());
    }

    @Override
    public boolean failOver(Random random) {
      try {
        set.failOver();
      } catch (JedisDataException e) {
        // The Sentinels do not know yet that the replica is in step again.
        return false;
      }
      set.awaitReplica();
      return true;
    }

    @Override
    public void restart(Random random) {
      set.killPrimary().start();
      set.awaitReplica();
    }

    @Override
    public void heal() {
      full(false);
      set.awaitReplica();
    }

    @Override
    public void close() {
      set.close();
    }
  }
}
