package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;

/** The servers of any topology: it is only the {@link Discovery} that differs. */
final class RoutedServers implements Servers {
  private final ServerSettings settings;
  private final Connections connections;
  private final Nodes nodes;
  private final Discovery discovery;
  private final Troubles troubles = new Troubles();
  private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();

  RoutedServers(ServerSettings settings) {
    this.settings = settings;
    connections = new Connections(settings);
    nodes = new Nodes(settings, connections);
    discovery = new Discovery(settings, nodes, connections);
  }

  @Override
  public <T> Outcome<T> call(
      int slot, List<CommandArguments> commands, Function<List<Reply>, T> reader) {
    Call<T> call = new Call<>(discovery, nodes, slot, commands, reader);
    try {
      T answer = Bounded.within(settings.waitNanosMax(), call);
      if (call.isRefused()) {
        troubles.count(RedisTrouble.ERROR_REPLY);
      }
      return new Outcome.Answered<>(answer);
    } catch (Trouble e) {
      RedisTrouble trouble = e.kind();
      troubles.count(trouble);
      call.node().ifPresent(node -> node.failed(trouble));
      if (Trouble.opensCircuit(trouble) || trouble == RedisTrouble.CIRCUIT_OPEN) {
        discovery.suspect();
      }
      return new Outcome.Failed<>(trouble);
    }
  }

  @Override
  public <T> Optional<T> ask(int slot, CommandArguments command, Function<Object, T> reader) {
    Outcome<Optional<T>> outcome =
        call(
            slot,
            List.of(command),
            replies ->
                replies.getFirst() instanceof Reply.Value(Object value)
                    ? Optional.of(reader.apply(value))
                    : Optional.empty());
    return outcome.answer().flatMap(Function.identity());
  }

  @Override
  public Outcome<List<Primary>> primaries() {
    try {
      return new Outcome.Answered<>(
          Bounded.within(settings.waitNanosMax(), () -> discovery.primaries()));
    } catch (Trouble e) {
      troubles.count(e.kind());
      return new Outcome.Failed<>(e.kind());
    }
  }

  @Override
  public boolean oneReaderServesAll() {
    return settings.address().topology() != RedisAddress.Topology.CLUSTER;
  }

  @Override
  public LogReader reader(int shard) {
    return new StreamReader(
        settings, connections, discovery, troubles, Shards.slot(shard), readers);
  }

  @Override
  public Map<RedisTrouble, Long> troubles() {
    return troubles.snapshot();
  }

  @Override
  public void close() {
    readers.forEach(LogReader::close);
    nodes.close();
  }

  /** {@return the address; no secret} */
  @Override
  public String toString() {
    return settings.address().toString();
  }
}
