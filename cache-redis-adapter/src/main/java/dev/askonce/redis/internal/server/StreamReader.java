package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** A reader that blocks in {@code XREAD} on the node that owns its slot. */
final class StreamReader implements LogReader {
  /*
   *               connect, CLIENT ID
   *   no connection ──────────────▶ connected ──▶ XREAD BLOCK ─┐
   *      ▲   │ back-off               │   ▲                    │ records, time over, CLIENT UNBLOCK
   *      └───┘                        │   └────────────────────┘
   *      ▲       trouble, or another  │
   *      └────────  node is primary ──┘
   *
   * A wait has an end after BLOCK_MILLIS_MAX, however long the caller would wait: a server that
   * died without a word, or is no primary any more, would never end it.
   *
   * What wakes a read is CLIENT UNBLOCK through the node's pool: it costs nothing while nobody
   * wakes, and the connection stays. Where the user may not send it, a read blocks for no longer
   * than CUT_MILLIS at a time.
   */
  private static final Logger LOGGER = LoggerFactory.getLogger(StreamReader.class);
  private static final long BLOCK_MILLIS_MAX = 1000;
  private static final long CUT_MILLIS = 100;
  private static final long BACKOFF_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(20);

  private final ServerSettings settings;
  private final Connections connections;
  private final Discovery discovery;
  private final Troubles troubles;
  private final int slot;
  private final Set<LogReader> open;
  private final Portions portions = new Portions();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();

  private volatile Node node;

  /** All of the reading thread. */
  private int failuresInRow;

  private long clientId;
  private boolean unblockable;

  /** Under the lock. */
  private Connection connection;

  private boolean closed;

  private volatile boolean wake;

  /** Of the connection while a read on it may be waiting, otherwise 0. */
  private volatile long waitingId;

  StreamReader(
      ServerSettings settings,
      Connections connections,
      Discovery discovery,
      Troubles troubles,
      int slot,
      Set<LogReader> open) {
    this.settings = settings;
    this.connections = connections;
    this.discovery = discovery;
    this.troubles = troubles;
    this.slot = slot;
    this.open = open;
    open.add(this);
  }

  @Override
  public Batch read(List<byte[]> keys, List<StreamId> after, int count, Duration block) {
    try {
      if (connection() == null) {
        connect();
        return Batch.RECONNECTED;
      }
      return Batch.of(readUntil(keys, after, count, block));
    } catch (Trouble e) {
      disconnect();
      if (e.kind() == RedisTrouble.INTERRUPTED) {
        troubles.count(e.kind());
        return Batch.troubled(e.kind());
      }
      return failed(e.kind(), block);
    }
  }

  private Batch failed(RedisTrouble trouble, Duration block) {
    troubles.count(trouble);
    discovery.suspect();
    long backoff = BACKOFF_NANOS_MIN << Math.min(failuresInRow++, 20);
    pause(Math.min(Math.min(backoff, settings.backoff().toNanos()), block.toNanos()));
    return Batch.troubled(trouble);
  }

  private void pause(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !wake && !closed) {
        left = woken.awaitNanos(left);
      }
      wake = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void connect() throws Trouble {
    if (isClosed()) {
      throw new Trouble(RedisTrouble.UNREACHABLE);
    }
    if (failuresInRow > 0) {
      discovery.ask();
    }
    node = discovery.node(slot);
    Bounded.within(settings.waitNanosMax(), this::connectNow);
  }

  private Void connectNow() throws Trouble {
    Connection made;
    try {
      made = connections.open(node.address());
    } catch (JedisException e) {
      throw new Trouble(RedisTrouble.UNREACHABLE);
    }
    lock.lock();
    try {
      if (closed || Thread.currentThread().isInterrupted()) {
        Node.disconnect(made);
        throw new Trouble(RedisTrouble.UNREACHABLE);
      }
      connection = made;
    } finally {
      lock.unlock();
    }
    Reply id = exchange(made, new CommandArguments(Command.CLIENT).add("ID"));
    clientId = id instanceof Reply.Value(Long number) ? number : 0;
    // Nobody waits under this id yet: only to see whether we may.
    unblockable = clientId > 0 && exchange(made, unblocking(clientId)) instanceof Reply.Value;
    return null;
  }

  private List<Entry> readUntil(List<byte[]> keys, List<StreamId> after, int count, Duration block)
      throws Trouble {
    if (keys.isEmpty()) {
      pause(block.toNanos());
      return List.of();
    }
    long start = System.nanoTime();
    long left = block.toNanos();
    while (left > 0 && !wake) {
      if (discovery.node(slot) != node) {
        disconnect();
        return List.of();
      }
      long millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, blockMillisMax());
      Streams.Range range = readOnce(keys, after, count, millis);
      // Only now: a server may take connections and refuse what is read on them.
      failuresInRow = 0;
      if (!range.entries().isEmpty()) {
        return range.entries();
      }
      left = block.toNanos() - (System.nanoTime() - start);
    }
    wake = false;
    return List.of();
  }

  private long blockMillisMax() {
    return unblockable ? BLOCK_MILLIS_MAX : CUT_MILLIS;
  }

  private Streams.Range readOnce(
      List<byte[]> keys, List<StreamId> after, int count, long blockMillis) throws Trouble {
    Portions.Portion portion = portions.next(keys.size(), count);
    long wait = portion.isAll(keys.size()) ? blockMillis : 0;
    List<byte[]> partKeys = portion.of(keys);
    List<StreamId> partAfter = portion.of(after);
    CommandArguments command = Streams.read(partKeys, partAfter, portion.count(), wait);
    waitingId = wait > 0 && unblockable ? clientId : 0;
    try {
      if (wake) {
        return new Streams.Range(List.of(), false);
      }
      Streams.Range range =
          Bounded.within(
              settings.waitNanosMax() + TimeUnit.MILLISECONDS.toNanos(wait),
              () -> Streams.read(reply(command, wait), partKeys, partAfter));
      portions.read(range.cut());
      return range;
    } catch (Trouble e) {
      // Perhaps for its size.
      portions.read(true);
      throw e;
    } finally {
      waitingId = 0;
    }
  }

  private Reply reply(CommandArguments command, long wait) throws Trouble {
    Connection current = connection();
    if (current == null) {
      throw new Trouble(RedisTrouble.BROKEN);
    }
    current.setSoTimeout(Math.toIntExact(settings.deadline().toMillis() + wait));
    Reply reply = exchangeAlone(current, command);
    if (reply instanceof Reply.Refusal refusal) {
      // The slot has moved, the node is no primary any more, is loading, or does not let us read.
      if (failuresInRow == 0) {
        LOGGER.warn("{} does not let streams be read: {}", node, refusal.word());
      }
      throw new Trouble(RedisTrouble.ERROR_REPLY);
    }
    return reply;
  }

  private static Reply exchange(Connection connection, CommandArguments command) throws Trouble {
    return exchange(connection, List.of(command)).getFirst();
  }

  /**
   * {@return the reply to a command} Records meant for another reader of the same streams, which is
   * further on, would leave a gap.
   */
  private static Reply exchangeAlone(Connection connection, CommandArguments command)
      throws Trouble {
    Echo echo = new Echo();
    List<Reply> replies = exchange(connection, List.of(command, echo.command()));
    echo.check(replies.getLast());
    return replies.getFirst();
  }

  private static List<Reply> exchange(Connection connection, List<CommandArguments> commands)
      throws Trouble {
    try {
      return BoundedConnection.exchange(connection, commands);
    } catch (UnsoundReply e) {
      throw e;
    } catch (JedisException e) {
      throw new Trouble(
          e.getCause() instanceof SocketTimeoutException
              ? RedisTrouble.TIMEOUT
              : RedisTrouble.BROKEN);
    }
  }

  private Connection connection() {
    lock.lock();
    try {
      return connection;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void disconnect() {
    lock.lock();
    try {
      if (connection != null) {
        Node.disconnect(connection);
        connection = null;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    long id = waitingId;
    if (id != 0) {
      Bounded.THREADS.newThread(() -> unblock(id)).start();
    }
  }

  /** Again until it has worked: the read may have been sent and not yet be waiting. */
  private void unblock(long id) {
    CommandArguments command = unblocking(id);
    Node on = node;
    try {
      while (wake && waitingId == id) {
        Bounded.within(
            settings.waitNanosMax(), () -> on.exchange(List.of(command), List::getFirst));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    } catch (Trouble e) {
      // The read will meet the same trouble, or its time will be over.
      troubles.count(e.kind());
    }
  }

  private static CommandArguments unblocking(long id) {
    return new CommandArguments(Command.CLIENT).add("UNBLOCK").add(id);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signalAll();
      disconnect();
    } finally {
      lock.unlock();
    }
    open.remove(this);
  }
}
