package dev.askonce.redis.internal.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * What a server replies. It is read as a plain reader reads it, which has no limits, and to the
 * same byte, or it is refused; no more of it is kept than its limits say. What is made of it are
 * records in order, of the streams that were asked for, and addresses that can be connected to.
 */
public final class ServerReplyTarget implements Target {
  private static final ReplyLimits LIMITS = new ReplyLimits(64, 4_200);
  private static final long KEPT_MAX =
      LIMITS.replyBytesMax() + (long) PlainReply.ELEMENT_BYTES * PlainReply.DEPTH_MAX;
  private static final HostAndPort ASKED = new HostAndPort("asked", 6379);
  private static final byte[] KEY = {'k'};
  private static final byte[] OTHER_KEY = {'l'};
  private static final StreamId FROM = new StreamId(7, 0);
  private static final StreamId TO = new StreamId(9, 5);

  /* An input: whether what follows is a reply, or choices of which one is made. */

  @Override
  public void run(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    Reply reply = read(input[0] % 2 == 0 ? rest : ReplyWriter.write(new Input(rest)));
    if (reply != null) {
      range(reply);
      streams(reply);
      id(reply);
      addresses(reply);
      echo(reply);
    }
  }

  /** {@return the reply, or null if it was refused} */
  private static Reply read(byte[] bytes) throws IOException {
    RedisInputStream in =
        new RedisInputStream(new ByteArrayInputStream(bytes), Math.max(1, bytes.length));
    PlainReply plain = PlainReply.read(bytes);
    try {
      Object value = new ReplyReader(in, LIMITS).read();
      Target.require(plain.isSound(), "read what is no reply");
      Target.require(bytes.length - in.available() == plain.length(), "out of step");
      Target.require(plain.matches(value, LIMITS), "another reply");
      Target.require(PlainReply.bytesOf(value) <= KEPT_MAX, "more than fits");
      return new Reply.Value(value);
    } catch (JedisDataException e) {
      Target.require(plain.isError(e.getMessage()), "another error");
      return new Reply.Refusal(e.getMessage());
    } catch (JedisException e) {
      Target.require(!plain.isSound() || plain.isLongerThan(LIMITS), "refused without a reason");
      return null;
    }
  }

  private static void range(Reply reply) {
    try {
      Streams.Range range = Streams.range(reply, KEY, FROM, TO);
      StreamId last = null;
      for (LogReader.Entry entry : range.entries()) {
        Target.require(entry.key() == KEY, "of another stream");
        last = after(last, entry, FROM);
        Target.require(entry.id().compareTo(TO) <= 0, "after the range");
      }
      goesOn(range);
    } catch (UnsoundReply e) {
      // As it may be.
    }
  }

  private static void streams(Reply reply) {
    try {
      Streams.Range range =
          Streams.read(reply, List.of(KEY, OTHER_KEY), List.of(FROM, StreamId.ZERO));
      StreamId last = null;
      StreamId lastOther = null;
      for (LogReader.Entry entry : range.entries()) {
        if (entry.key() == KEY) {
          Target.require(lastOther == null, "streams out of order");
          last = after(last, entry, FROM.next());
        } else {
          Target.require(entry.key() == OTHER_KEY, "of another stream");
          lastOther = after(lastOther, entry, StreamId.ZERO.next());
        }
      }
      goesOn(range);
    } catch (UnsoundReply e) {
      // As it may be.
    }
  }

  private static StreamId after(StreamId last, LogReader.Entry entry, StreamId least) {
    Target.require(entry.id().compareTo(least) >= 0, "before the range");
    Target.require(last == null || entry.id().compareTo(last) > 0, "out of order");
    Target.require(entry.bytes().length <= LIMITS.valueBytesMax(), "longer than it may be");
    return entry.id();
  }

  /** Whoever reads on after the last record gets further. */
  private static void goesOn(Streams.Range range) {
    Target.require(!range.cut() || !range.entries().isEmpty(), "a part without a record");
  }

  private static void id(Reply reply) {
    try {
      StreamId id = Streams.id(reply);
      Target.require(StreamId.parse(id.toString()).equals(id), "another id");
    } catch (UnsoundReply e) {
      // As it may be.
    }
  }

  private static void addresses(Reply reply) {
    try {
      Redirection.of(reply, ASKED).ifPresent(redirection -> connectable(redirection.to()));
    } catch (UnsoundReply e) {
      // As it may be.
    }
    SentinelLocator.primary(reply).ifPresent(ServerReplyTarget::connectable);
    if (!(reply instanceof Reply.Value(List<?> ranges)
        && ranges.stream().anyMatch(range -> range instanceof List<?> parts && parts.size() > 2))) {
      // A table of all slots for nothing.
      return;
    }
    try {
      SlotTable table = ClusterLocator.table(reply, ASKED);
      table.members().forEach(ServerReplyTarget::connectable);
      for (Servers.Primary primary : table.primaries()) {
        connectable(primary.address());
        Target.require(table.owner(primary.slot()).isPresent(), "nobody's slot");
      }
    } catch (Trouble e) {
      // As it may be.
    }
  }

  private static void connectable(HostAndPort address) {
    // Throws for what cannot be.
    InetSocketAddress.createUnresolved(address.getHost(), address.getPort());
    Target.require(address.getPort() > 0, "no port");
    Target.require(
        address.getHost().chars().allMatch(c -> c > ' ' && c < 127), "no host: it gets into logs");
  }

  private static void echo(Reply reply) {
    try {
      new Echo().check(reply);
      Target.require(reply instanceof Reply.Refusal, "a number that nobody was told");
    } catch (UnsoundReply e) {
      Target.require(reply instanceof Reply.Value, "an error is no echo");
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed("+OK\r\n"),
        seed("$3\r\n7-1\r\n"),
        seed("-MOVED 866 127.0.0.1:6380\r\n"),
        seed("-ASK 866 :65535\r\n"),
        seed("-NOPERM no\r\n"),
        seed("*1\r\n*2\r\n$3\r\n7-1\r\n*2\r\n$1\r\nr\r\n$2\r\nab\r\n"),
        seed(
            "*2\r\n*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$3\r\n7-1\r\n*2\r\n$1\r\nr\r\n$2\r\nab\r\n"
                + "*2\r\n$1\r\nl\r\n*1\r\n*2\r\n$3\r\n0-1\r\n*2\r\n$1\r\nr\r\n$0\r\n\r\n"),
        seed("*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n"),
        seed(
            "*1\r\n*4\r\n:0\r\n:5460\r\n*3\r\n$9\r\n127.0.0.1\r\n:7000\r\n$2\r\nid\r\n"
                + "*3\r\n$-1\r\n:7003\r\n$2\r\nid\r\n"),
        seed("*" + 200 + "\r\n" + "+OK\r\n".repeat(200)),
        seed("*1\r\n*2\r\n$3\r\n7-1\r\n*200\r\n" + "$1\r\nx\r\n".repeat(200)),
        // Choices: a record, many records, the streams of a read.
        new byte[] {1, 8, 1, 3},
        new byte[] {1, 9, (byte) 200, 60},
        new byte[] {1, 10, 2, 0, 30, 40, 1, 20, 5});
  }

  private static byte[] seed(String reply) {
    byte[] bytes = reply.getBytes(ISO_8859_1);
    byte[] seed = new byte[1 + bytes.length];
    System.arraycopy(bytes, 0, seed, 1, bytes.length);
    return seed;
  }
}
