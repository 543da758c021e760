package dev.askonce.redis.internal.operation;

import dev.askonce.redis.InstallationStatus;
import dev.askonce.redis.InstallationStatus.Logs;
import dev.askonce.redis.InstallationStatus.Server;
import dev.askonce.redis.InstallationStatus.Snapshots;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.server.Servers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Looks at an installation, and changes nothing. */
public final class Survey {
  private final Link link;
  private final String prefix;
  private final Optional<Sealer> sealer;

  /**
   * @param sealer of the installation; without it records are counted and not opened
   */
  public Survey(Link link, String prefix, Optional<Sealer> sealer) {
    this.link = link;
    this.prefix = prefix;
    this.sealer = sealer;
  }

  /** {@return what each primary says of itself} */
  public static List<Server> servers(Link link) {
    return link.primaries().stream().map(primary -> server(link, primary)).toList();
  }

  private static Server server(Link link, Servers.Primary primary) {
    Map<String, String> info = new HashMap<>();
    for (String section : List.of("server", "memory", "replication")) {
      CommandArguments ask = new CommandArguments(Command.INFO).add(section);
      Stream.of(link.one(primary.slot(), ask).bytes().map(Link::text).orElse("").split("\r\n"))
          .map(line -> line.split(":", 2))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> info.put(pair[0], pair[1]));
    }
    return new Server(
        primary.address().toString(),
        info.getOrDefault("redis_version", ""),
        info.getOrDefault("role", ""),
        number(info, "connected_slaves"),
        number(info, "used_memory"),
        number(info, "maxmemory"),
        info.getOrDefault("maxmemory_policy", ""));
  }

  private static long number(Map<String, String> info, String name) {
    String text = info.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /** {@return what there is} */
  public InstallationStatus status(long nowMillis) {
    Map<String, Long> keys = new TreeMap<>();
    LongSummaryStatistics lengths = new LongSummaryStatistics();
    LongSummaryStatistics generations = new LongSummaryStatistics();
    LongSummaryStatistics bytes = new LongSummaryStatistics();
    Set<String> scopes = new HashSet<>();
    long[] control = {0};
    Census census = new Census(link, prefix, sealer);
    new Scan(link, prefix)
        .forEach(
            names -> {
              names.forEach(name -> keys.merge(name.kind(), 1L, Long::sum));
              names.stream()
                  .filter(name -> isOfScope(name.kind()))
                  .forEach(name -> scopes.add(name.hex()));
              numbers(names, KeyName.LOG, Command.XLEN).forEach(lengths::accept);
              numbers(names, KeyName.CONTROL, Command.XLEN).forEach(n -> control[0] += n);
              numbers(names, KeyName.CHUNK, Command.STRLEN).forEach(bytes::accept);
              names.stream()
                  .flatMapToLong(name -> name.generation().stream())
                  .forEach(generations::accept);
              census.add(names);
            });
    return new InstallationStatus(
        prefix,
        servers(link),
        keys,
        scopes.size(),
        new Logs(lengths.getSum(), Math.max(0, lengths.getMax()), control[0]),
        new Snapshots(
            keys.getOrDefault(KeyName.SNAPSHOT, 0L),
            bytes.getSum(),
            Math.max(0, bytes.getMax()),
            age(nowMillis, generations.getCount() == 0 ? nowMillis : generations.getMin()),
            age(nowMillis, generations.getCount() == 0 ? nowMillis : generations.getMax())),
        census.counts());
  }

  private static long age(long nowMillis, long sinceMillis) {
    return Math.max(0, nowMillis - sinceMillis);
  }

  private static boolean isOfScope(String kind) {
    return kind.equals(KeyName.LOG) || kind.equals(KeyName.SNAPSHOT) || kind.equals(KeyName.CHUNK);
  }

  private List<Long> numbers(List<KeyName> names, String kind, Command command) {
    List<String> those = new ArrayList<>();
    for (KeyName name : names) {
      if (name.kind().equals(kind)) {
        those.add(name.name());
      }
    }
    return link.numbers(those, key -> new CommandArguments(command).key(key));
  }
}
