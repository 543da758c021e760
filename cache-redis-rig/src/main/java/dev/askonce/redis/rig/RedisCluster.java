package dev.askonce.redis.rig;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import redis.clients.jedis.Protocol.Command;

/**
 * A Redis Cluster on the loopback interface: three primaries that share the slots evenly, and a
 * replica of each where asked. A proxy stands before each node, and is the address that the node
 * announces, to clients and to its replicas.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int PRIMARIES = 3;
  private static final int SLOTS = 16384;

  /** After which a silent node is taken for dead: long, since a busy machine is silent at times. */
  private static final int PATIENT_MILLIS = 15_000;

  /** The same, once a node has been killed. */
  private static final int HASTY_MILLIS = 1000;

  /** After which a failover in good order is one without. */
  private static final long ORDERLY_NANOS_MAX = 3_000_000_000L;

  private final List<Member> members = new ArrayList<>();

  /** One node, and the proxy before it. */
  public record Member(RedisProcess process, FaultyProxy proxy) {
    String id() {
      return process.text(Command.CLUSTER, "MYID");
    }

    /** {@return a field of what the node says about itself or the Cluster} */
    String info(String section, String field) {
      return section.equals("cluster")
          ? RedisProcess.field(process.text(Command.CLUSTER, "INFO"), field)
          : process.info(section, field);
    }

    public boolean isPrimary() {
      return process.isPrimary();
    }
  }

  /**
   * @param replicas whether each primary has one
   * @param settings more arguments of each node's command line
   */
  public RedisCluster(boolean replicas, String... settings) {
    this(replicas, ServerSocketFactory.getDefault(), List.of(settings));
  }

  /** Three primaries whose proxies take connections as these listeners do, such as with TLS. */
  public RedisCluster(ServerSocketFactory listeners) {
    this(false, listeners, List.of());
  }

  private RedisCluster(boolean replicas, ServerSocketFactory listeners, List<String> settings) {
    int count = replicas ? 2 * PRIMARIES : PRIMARIES;
    for (int i = 0; i < count; i++) {
      members.add(member(listeners, settings));
    }
    for (int i = 0; i < count; i++) {
      members.get(i).process.command(Command.CLUSTER, "SET-CONFIG-EPOCH", "" + (i + 1));
    }
    for (int i = 0; i < PRIMARIES; i++) {
      addSlots(i);
    }
    for (Member member : members.subList(1, count)) {
      int port = member.process.port();
      members
          .getFirst()
          .process
          .command(Command.CLUSTER, "MEET", RedisProcess.HOST, "" + port, "" + (port + 10_000));
    }
    awaitAll("cluster_known_nodes", "" + count);
    for (int i = PRIMARIES; i < count; i++) {
      String primary = members.get(i - PRIMARIES).id();
      members.get(i).process.command(Command.CLUSTER, "REPLICATE", primary);
    }
    awaitAll("cluster_state", "ok");
    awaitReplicas();
  }

  private static Member member(ServerSocketFactory listeners, List<String> settings) {
    int port = RedisProcess.freeClusterPort();
    FaultyProxy proxy = new FaultyProxy(port, listeners);
    List<String> all =
        new ArrayList<>(
            List.of(
                ("--cluster-enabled yes --cluster-node-timeout "
                        + PATIENT_MILLIS
                        + " --cluster-require-full-coverage no --cluster-replica-validity-factor 0"
                        + " --repl-diskless-sync yes --repl-diskless-sync-delay 0"
                        + (" --cluster-announce-ip " + RedisProcess.HOST)
                        + (" --cluster-announce-port " + proxy.port())
                        + (" --cluster-announce-bus-port " + (port + 10_000)))
                    .split(" ")));
    all.addAll(settings);
    return new Member(new RedisProcess(port, all), proxy);
  }

  private void addSlots(int index) {
    int from = index * SLOTS / PRIMARIES;
    int to = (index + 1) * SLOTS / PRIMARIES;
    String[] arguments =
        Stream.concat(Stream.of("ADDSLOTS"), IntStream.range(from, to).mapToObj(String::valueOf))
            .toArray(String[]::new);
    members.get(index).process.command(Command.CLUSTER, arguments);
  }

  private void awaitAll(String field, String value) {
    Await.servers(
        () -> field + " is not " + value + " everywhere",
        () -> members.stream().allMatch(m -> m.info("cluster", field).equals(value)));
  }

  /** Waits until every replica has what its primary has. */
  public void awaitReplicas() {
    awaitReplicas(() -> {});
  }

  /**
   * Waits until each of the primaries has a replica that has what it has.
   *
   * @param meanwhile done again and again until then
   */
  public void awaitReplicas(Runnable meanwhile) {
    Await.servers(
        () -> "replicas in step: " + roles(),
        () -> {
          meanwhile.run();
          return living().filter(m -> !m.isPrimary() && m.process.isInStep()).count()
              == members.size() - PRIMARIES;
        });
  }

  private Stream<Member> living() {
    return members.stream().filter(m -> m.process.isAlive());
  }

  private String roles() {
    return living()
        .map(
            m ->
                m.process.port()
                    + " "
                    + m.info("replication", "role")
                    + " "
                    + m.info("replication", "master_link_status"))
        .collect(Collectors.joining(", "));
  }

  /** {@return the address with all nodes, through their proxies} */
  public String uri() {
    return "redis-cluster://"
        + members.stream()
            .map(m -> RedisProcess.HOST + ":" + m.proxy.port())
            .collect(Collectors.joining(","));
  }

  /** {@return all nodes; the primaries at the beginning, then the replica of each} */
  public List<Member> members() {
    return List.copyOf(members);
  }

  /** {@return the node that owns the slot now, as most of the living nodes would say} */
  public Member owner(int slot) {
    return living()
        .filter(m -> m.isPrimary() && owns(m, slot))
        .findFirst()
        .orElseThrow(() -> new RigFailure("nobody owns slot " + slot + ": " + roles()));
  }

  private static boolean owns(Member member, int slot) {
    // … myself,master - 0 0 1 connected 0-5460 7000 [8000->-…]
    return Stream.of(member.process.text(Command.CLUSTER, "NODES").split("\n"))
        .filter(line -> line.contains("myself"))
        .flatMap(line -> Arrays.stream(line.split(" ")).skip(8))
        .filter(range -> !range.startsWith("["))
        .map(range -> range.split("-"))
        .anyMatch(
            range ->
                Integer.parseInt(range[0]) <= slot
                    && slot <= Integer.parseInt(range[range.length - 1]));
  }

  /** {@return a replica of this node} */
  public Optional<Member> replicaOf(Member primary) {
    String port = "" + primary.proxy.port();
    return living().filter(m -> m.info("replication", "master_port").equals(port)).findFirst();
  }

  private Member replica(Member primary) {
    return replicaOf(primary)
        .orElseThrow(() -> new RigFailure(primary.process.port() + " has no replica: " + roles()));
  }

  /** Has a replica take the slot's owner's place, in good order, and waits until it has. */
  public void failOver(int slot) {
    failOver(slot, () -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile done again and again until then
   */
  public void failOver(int slot, Runnable meanwhile) {
    Member replica = replica(owner(slot));
    replica.process.command(Command.CLUSTER, "FAILOVER");
    long start = System.nanoTime();
    awaitPrimary(
        replica,
        slot,
        () -> {
          meanwhile.run();
          if (System.nanoTime() - start > ORDERLY_NANOS_MAX && !replica.isPrimary()) {
            // Nobody votes twice within two node timeouts for the place of the same primary.
            replica.process.command(Command.CLUSTER, "FAILOVER", "TAKEOVER");
          }
        });
  }

  /**
   * Cuts off all replicas, and has the one that then lacks most take its primary's place.
   *
   * @param meanwhile done again and again while they are cut off, and until it has
   * @param times that it is done at most before one lacks something
   * @return how many bytes of replication it lacked at least
   */
  public long loseTail(Runnable meanwhile, int times) {
    members.forEach(m -> m.proxy.admitReplicas(false));
    Member primary = null;
    long tail = 0;
    for (int i = 0; i < times && tail < RedisProcess.TAIL_BYTES_MIN; i++) {
      meanwhile.run();
      for (Member each : living().filter(Member::isPrimary).toList()) {
        Optional<Member> replica = replicaOf(each);
        long its = replica.isPresent() ? each.process.tail(replica.get().process) : 0;
        if (primary == null || its > tail) {
          primary = each;
          tail = its;
        }
      }
    }
    Member replica = replica(primary);
    replica.process.command(Command.CLUSTER, "FAILOVER", "TAKEOVER");
    Await.servers(() -> "a new primary: " + roles(), replica::isPrimary);
    members.forEach(m -> m.proxy.admitReplicas(true));
    return tail;
  }

  /** Kills the slot's owner, and waits until its replica has taken its place. */
  public Member killOwner(int slot) {
    return killOwner(slot, () -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile done again and again until then
   */
  public Member killOwner(int slot, Runnable meanwhile) {
    Member owner = owner(slot);
    Member replica = replica(owner);
    owner.process.kill();
    nodeTimeout(HASTY_MILLIS);
    awaitPrimary(replica, slot, meanwhile);
    nodeTimeout(PATIENT_MILLIS);
    return owner;
  }

  private void awaitPrimary(Member replica, int slot, Runnable meanwhile) {
    Await.servers(
        () -> "a new primary: " + roles(),
        () -> {
          meanwhile.run();
          return replica.isPrimary() && owns(replica, slot);
        });
  }

  private void nodeTimeout(int millis) {
    living()
        .forEach(
            m -> m.process.command(Command.CONFIG, "SET", "cluster-node-timeout", "" + millis));
  }

  /** Opens a slot for its way to another node: keys that are not there any more are asked there. */
  public void beginMigration(int slot, Member to) {
    Member from = owner(slot);
    to.process.command(Command.CLUSTER, "SETSLOT", "" + slot, "IMPORTING", from.id());
    from.process.command(Command.CLUSTER, "SETSLOT", "" + slot, "MIGRATING", to.id());
  }

  /** Moves the keys of an opened slot, and then the slot. */
  public void endMigration(int slot, Member to) {
    Member from = owner(slot);
    while (from.process.command(Command.CLUSTER, "GETKEYSINSLOT", "" + slot, "100")
            instanceof List<?> keys
        && !keys.isEmpty()) {
      for (Object key : keys) {
        String name = new String((byte[]) key, StandardCharsets.ISO_8859_1);
        String port = "" + to.process.port();
        from.process.command(Command.MIGRATE, RedisProcess.HOST, port, name, "0", "5000");
      }
    }
    String id = to.id();
    to.process.command(Command.CLUSTER, "SETSLOT", "" + slot, "NODE", id);
    from.process.command(Command.CLUSTER, "SETSLOT", "" + slot, "NODE", id);
  }

  @Override
  public void close() {
    for (Member member : members) {
      member.process.close();
      member.proxy.close();
    }
  }
}
