package dev.askonce.redis.rig;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A primary, a replica, and Sentinels that watch them. A proxy stands before each of the two, and
 * is the address that it is known by.
 */
public final class RedisSentinelSet implements AutoCloseable {
  /** What the Sentinels call the primary. */
  public static final String NAME = "main";

  /**
   * After which a silent server is taken for dead: long, since a busy machine is silent at times.
   */
  private static final int PATIENT_MILLIS = 15_000;

  /** The same, once a server has been killed. */
  private static final int HASTY_MILLIS = 1000;

  /** After which Sentinels give a failover up. */
  private static final long FAILOVER_NANOS_MAX = 6_000_000_000L;

  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<FaultyProxy> proxies = new ArrayList<>();
  private final List<RedisProcess> sentinels = new ArrayList<>();
  private final List<Integer> sentinelPorts = new ArrayList<>();

  /**
   * @param sentinelCount from 1; more than half of them must agree that a primary is down
   * @param settings more arguments of both servers' command lines
   */
  public RedisSentinelSet(int sentinelCount, String... settings) {
    this(sentinelCount, List.of(settings), List.of());
  }

  /**
   * @param sentinelSettings more lines of each Sentinel's file
   */
  public RedisSentinelSet(int sentinelCount, List<String> settings, List<String> sentinelSettings) {
    start(settings, List.of());
    start(settings, List.of("--replicaof", RedisProcess.HOST, "" + proxies.getFirst().port()));
    Await.servers(() -> "a replica in step", () -> servers.get(1).isInStep());
    for (int i = 0; i < sentinelCount; i++) {
      int port = RedisProcess.freePort();
      sentinelPorts.add(port);
      List<String> lines = new ArrayList<>(sentinelSettings);
      lines.addAll(
          List.of(
              "sentinel monitor %s %s %d %d"
                  .formatted(
                      NAME, RedisProcess.HOST, proxies.getFirst().port(), sentinelCount / 2 + 1),
              "sentinel down-after-milliseconds " + NAME + " " + PATIENT_MILLIS,
              "sentinel failover-timeout " + NAME + " 5000"));
      sentinels.add(RedisProcess.sentinel(port, lines));
    }
    awaitKnown();
  }

  private void start(List<String> settings, List<String> role) {
    int port = RedisProcess.freePort();
    FaultyProxy proxy = new FaultyProxy(port);
    List<String> all =
        new ArrayList<>(List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
    all.addAll(List.of("--replica-announce-ip", RedisProcess.HOST));
    all.addAll(List.of("--replica-announce-port", "" + proxy.port()));
    all.addAll(settings);
    all.addAll(role);
    servers.add(new RedisProcess(port, all));
    proxies.add(proxy);
  }

  /** Each Sentinel knows the replica and the others. */
  private void awaitKnown() {
    Await.servers(
        () -> "Sentinels that know each other",
        () ->
            sentinels.stream()
                .allMatch(
                    sentinel ->
                        known(sentinel, "replicas") == 1
                            && known(sentinel, "sentinels") == sentinels.size() - 1));
  }

  private static int known(RedisProcess sentinel, String what) {
    return ((List<?>) sentinel.command(Command.SENTINEL, what, NAME)).size();
  }

  /** {@return the address with all Sentinels} */
  public String uri() {
    return "redis-sentinel://"
        + sentinelPorts.stream()
            .map(port -> RedisProcess.HOST + ":" + port)
            .collect(Collectors.joining(","))
        + "/"
        + NAME;
  }

  /** {@return the Sentinels, in the order of the address} */
  public List<RedisProcess> sentinels() {
    return List.copyOf(sentinels);
  }

  /** {@return the index of the server that the first Sentinel names as primary} */
  private int primaryIndex() {
    return primaryIndex(sentinels.getFirst());
  }

  private int primaryIndex(RedisProcess sentinel) {
    List<?> named = (List<?>) sentinel.command(Command.SENTINEL, "get-master-addr-by-name", NAME);
    return proxies.getFirst().port() == Integer.parseInt(text(named.get(1))) ? 0 : 1;
  }

  public RedisProcess primary() {
    return servers.get(primaryIndex());
  }

  /** {@return both servers, those that are dead at the moment too} */
  public List<RedisProcess> servers() {
    return List.copyOf(servers);
  }

  /** {@return the proxies before both servers} */
  public List<FaultyProxy> proxies() {
    return List.copyOf(proxies);
  }

  /** Waits until the replica has what the primary has. */
  public void awaitReplica() {
    awaitReplica(() -> {});
  }

  /**
   * The same, for all Sentinels' primary.
   *
   * @param meanwhile done again and again until then
   */
  public void awaitReplica(Runnable meanwhile) {
    Await.servers(
        () -> "a replica in step: " + sentinels.stream().map(this::primaryIndex).toList(),
        () -> {
          meanwhile.run();
          int primary = primaryIndex();
          return sentinels.stream().allMatch(sentinel -> primaryIndex(sentinel) == primary)
              && servers.get(primary).isPrimary()
              && servers.get(1 - primary).isInStep();
        });
  }

  /** Tells a former primary at once what the Sentinels tell it when they have looked twice. */
  public void demoteFormer() {
    int primary = primaryIndex();
    RedisProcess other = servers.get(1 - primary);
    if (other.isPrimary()) {
      other.command(Command.REPLICAOF, RedisProcess.HOST, "" + proxies.get(primary).port());
    }
  }

  /** {@return the proxy before the primary} */
  public FaultyProxy primaryProxy() {
    return proxies.get(primaryIndex());
  }

  /** Has the replica take the primary's place, in good order, and waits until it has. */
  public void failOver() {
    failOver(() -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile done again and again until then
   */
  public void failOver(Runnable meanwhile) {
    int before = primaryIndex();
    Await.servers(
        () -> "Sentinels that know the replica as one",
        () -> {
          meanwhile.run();
          return sentinels.stream().allMatch(RedisSentinelSet::knowsReplica) && beginsToFailOver();
        });
    long[] asked = {System.nanoTime()};
    awaitPrimary(
        1 - before,
        () -> {
          meanwhile.run();
          if (System.nanoTime() - asked[0] > FAILOVER_NANOS_MAX && primaryIndex() == before) {
            // It was given up: refused where it was not.
            beginsToFailOver();
            asked[0] = System.nanoTime();
          }
        });
  }

  /** {@return whether it would not, by what it saw last, make a replica of the new primary} */
  private static boolean knowsReplica(RedisProcess sentinel) {
    return ((List<?>) sentinel.command(Command.SENTINEL, "replicas", NAME))
        .stream()
            .map(each -> ((List<?>) each).stream().map(RedisSentinelSet::text).toList())
            .anyMatch(each -> each.get(each.indexOf("role-reported") + 1).equals("slave"));
  }

  private static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.US_ASCII);
  }

  private boolean beginsToFailOver() {
    try {
      sentinels.getFirst().command(Command.SENTINEL, "FAILOVER", NAME);
      return true;
    } catch (JedisDataException e) {
      // They know of no good replica yet.
      return false;
    }
  }

  /**
   * Cuts off the replica, and has it then take the primary's place.
   *
   * @param meanwhile done again and again while it is cut off, and until it has
   * @param times that it is done at most before the replica lacks something
   * @return how many bytes of replication it lacked at least
   */
  public long loseTail(Runnable meanwhile, int times) {
    int before = primaryIndex();
    proxies.get(before).admitReplicas(false);
    long tail = 0;
    for (int i = 0; i < times && tail < RedisProcess.TAIL_BYTES_MIN; i++) {
      meanwhile.run();
      tail = servers.get(before).tail(servers.get(1 - before));
    }
    failOver(meanwhile);
    proxies.get(before).admitReplicas(true);
    return tail;
  }

  /** Kills the primary, and waits until the Sentinels have put the replica in its place. */
  public RedisProcess killPrimary() {
    return killPrimary(() -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile done again and again until then
   */
  public RedisProcess killPrimary(Runnable meanwhile) {
    int before = primaryIndex();
    servers.get(before).kill();
    downAfter(HASTY_MILLIS);
    awaitPrimary(1 - before, meanwhile);
    downAfter(PATIENT_MILLIS);
    return servers.get(before);
  }

  private void downAfter(int millis) {
    for (RedisProcess sentinel : sentinels) {
      sentinel.command(
          Command.SENTINEL, "SET", NAME, "down-after-milliseconds", Integer.toString(millis));
    }
  }

  private void awaitPrimary(int index, Runnable meanwhile) {
    Await.servers(
        () -> "a new primary",
        () -> {
          meanwhile.run();
          return primaryIndex() == index && servers.get(index).isPrimary();
        });
  }

  @Override
  public void close() {
    sentinels.forEach(RedisProcess::close);
    servers.forEach(RedisProcess::close);
    proxies.forEach(FaultyProxy::close);
  }
}
