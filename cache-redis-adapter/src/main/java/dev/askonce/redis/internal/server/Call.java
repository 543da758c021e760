package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * One call under way: goes after its slot from node to node until every command has a reply that is
 * not a redirection.
 */
final class Call<T> implements Callable<T> {
  /** From a stale owner to the owner, to where the slot is being moved, and one to spare. */
  private static final int HOPS_MAX = 3;

  private final Discovery discovery;
  private final Nodes nodes;
  private final int slot;
  private final List<CommandArguments> commands;
  private final Function<List<Reply>, T> reader;
  private final Reply[] replies;

  /** The commands that have no reply yet that counts, by index. */
  private int[] open;

  private Optional<Redirection> redirection = Optional.empty();

  /** Where the call is now: who waits for it may stop waiting. */
  private volatile Node node;

  Call(
      Discovery discovery,
      Nodes nodes,
      int slot,
      List<CommandArguments> commands,
      Function<List<Reply>, T> reader) {
    this.discovery = discovery;
    this.nodes = nodes;
    this.slot = slot;
    this.commands = commands;
    this.reader = reader;
    replies = new Reply[commands.size()];
    open = IntStream.range(0, replies.length).toArray();
  }

  /** {@return the node that was asked last, or empty if none was found} */
  Optional<Node> node() {
    return Optional.ofNullable(node);
  }

  /**
   * {@return whether a server has refused one of the commands for good} Once the call has ended.
   */
  boolean isRefused() {
    return Arrays.stream(replies).anyMatch(Reply.Refusal.class::isInstance);
  }

  @Override
  public T call() throws Trouble {
    node = discovery.node(slot);
    for (int hop = 0; ; hop++) {
      if (!node.admits()) {
        throw new Trouble(RedisTrouble.CIRCUIT_OPEN);
      }
      boolean last = hop == HOPS_MAX;
      Optional<T> result = node.exchange(toSend(), got -> took(got, last));
      node.succeeded();
      if (result.isPresent()) {
        return result.get();
      }
      if (redirection.isPresent()) {
        follow(redirection.get());
      } else if (!askedAnew()) {
        // Refused for good.
        return reader.apply(Arrays.asList(replies));
      }
    }
  }

  private List<CommandArguments> toSend() {
    boolean asking = redirection.isPresent() && redirection.get().once();
    List<CommandArguments> toSend = new ArrayList<>();
    for (int index : open) {
      if (asking) {
        toSend.add(new CommandArguments(Command.ASKING));
      }
      toSend.add(commands.get(index));
    }
    return toSend;
  }

  /** {@return the result, or empty if some commands are to be sent elsewhere} */
  private Optional<T> took(List<Reply> got, boolean last) {
    int each = got.size() / Math.max(1, open.length);
    for (int i = 0; i < open.length; i++) {
      replies[open[i]] = got.get(i * each + each - 1);
    }
    open = Arrays.stream(open).filter(index -> isElsewhere(replies[index])).toArray();
    if (open.length == 0 || last) {
      return Optional.of(reader.apply(Arrays.asList(replies)));
    }
    redirection = redirection(replies[open[0]]);
    return Optional.empty();
  }

  /** Nobody but a Cluster's node may send us, and our password, to a server that it names. */
  private Optional<Redirection> redirection(Reply reply) {
    return discovery.isCluster() ? Redirection.of(reply, node.address()) : Optional.empty();
  }

  private boolean isElsewhere(Reply reply) {
    return redirection(reply).isPresent()
        || reply instanceof Reply.Refusal refusal && refusal.is("READONLY");
  }

  private void follow(Redirection to) throws Trouble {
    node = to.once() ? nodes.at(to.to()) : discovery.moved(slot, to.to());
  }

  /** {@return whether another node is primary now} It was a primary that was demoted. */
  private boolean askedAnew() throws Trouble {
    Node before = node;
    discovery.ask();
    node = discovery.node(slot);
    return !node.address().equals(before.address());
  }
}
