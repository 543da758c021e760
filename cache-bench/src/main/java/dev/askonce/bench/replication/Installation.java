package dev.askonce.bench.replication;

import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisCluster;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.RedisSentinelSet;
import java.util.List;
import java.util.Random;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Real servers, a proxy before each, and what may befall them. What takes its time is given calls
 * that it makes meanwhile: a failover with nobody there is none.
 */
interface Installation extends AutoCloseable {
  int SLOTS = 16_384;

  /** Rounds of calls at most before a replica that is cut off lacks something. */
  int TAIL_CALLS_MAX = 500;

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

  /** {@return all servers that are alive} */
  List<RedisProcess> servers();

  /** Kills one primary and starts it with nothing in it; its replica has its place by then. */
  void restart(Random random, Runnable calls);

  /** A replica takes its primary's place in good order. */
  void failOver(Random random, Runnable calls);

  /**
   * A replica that was cut off takes its primary's place.
   *
   * @return how many bytes of replication it had not got, at least
   */
  long loseTail(Runnable calls);

  /** Waits until all servers are there, and replicas in step. */
  void heal();

  /** Empties the servers. */
  default void flush() {
    for (RedisProcess primary : primaries()) {
      try {
        primary.flush();
      } catch (JedisDataException e) {
        // It has learned meanwhile that it is a replica, and is about to be emptied as such.
      }
    }
  }

  /** Has the servers refuse what is written, or take it again. */
  default void full(boolean full) {
    servers().forEach(p -> p.command(Command.CONFIG, "SET", "maxmemory", full ? "1" : "0"));
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
    public List<RedisProcess> servers() {
      return List.of(server);
    }

    @Override
    public void restart(Random random, Runnable calls) {
      server.kill();
      calls.run();
      server.start();
    }

    @Override
    public void failOver(Random random, Runnable calls) {
      throw new UnsupportedOperationException("no replica");
    }

    @Override
    public long loseTail(Runnable calls) {
      throw new UnsupportedOperationException("no replica");
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
    public List<RedisProcess> servers() {
      return cluster.members().stream()
          .map(RedisCluster.Member::process)
          .filter(RedisProcess::isAlive)
          .toList();
    }

    @Override
    public void restart(Random random, Runnable calls) {
      cluster.awaitReplicas(calls);
      cluster.killOwner(random.nextInt(SLOTS), calls).process().start();
    }

    @Override
    public void failOver(Random random, Runnable calls) {
      cluster.awaitReplicas(calls);
      cluster.failOver(random.nextInt(SLOTS), calls);
    }

    @Override
    public long loseTail(Runnable calls) {
      cluster.awaitReplicas(calls);
      return cluster.loseTail(calls, TAIL_CALLS_MAX);
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
    public List<RedisProcess> servers() {
      return set.servers().stream().filter(RedisProcess::isAlive).toList();
    }

    @Override
    public void restart(Random random, Runnable calls) {
      set.awaitReplica(calls);
      set.killPrimary(calls).start();
    }

    @Override
    public void failOver(Random random, Runnable calls) {
      set.awaitReplica(calls);
      set.failOver(calls);
    }

    @Override
    public long loseTail(Runnable calls) {
      set.awaitReplica(calls);
      return set.loseTail(calls, TAIL_CALLS_MAX);
    }

    @Override
    public void heal() {
      full(false);
      set.demoteFormer();
      set.awaitReplica();
    }

    @Override
    public void close() {
      set.close();
    }
  }
}
