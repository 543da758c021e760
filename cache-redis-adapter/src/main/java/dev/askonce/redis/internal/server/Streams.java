package dev.askonce.redis.internal.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * The commands for streams whose records are one field of bytes, and what their replies mean.
 * Replies that do not fit what was asked are an {@link UnsoundReply}: another stream's, records
 * outside of the range, records out of order.
 */
public final class Streams {
  private static final byte[] FIELD = {'r'};
  private static final byte[] NO_RECORD = {};

  private Streams() {}

  /** {@return the command that adds a record at the end; its reply has {@link #id}} */
  public static CommandArguments add(byte[] key, byte[] record) {
    return new CommandArguments(Command.XADD).key(key).add("*").add(FIELD).add(record);
  }

  /** {@return the id that a record was given} */
  public static StreamId id(Reply reply) {
    if (reply instanceof Reply.Value(byte[] text)) {
      return id(text);
    }
    throw new UnsoundReply("not an id");
  }

  /** {@return the command for the records from one to another, both included} */
  public static CommandArguments range(byte[] key, StreamId from, StreamId to, int count) {
    return new CommandArguments(Command.XRANGE)
        .key(key)
        .add(from.toString())
        .add(to.toString())
        .add(Keyword.COUNT)
        .add(count);
  }

  /**
   * A part of a stream.
   *
   * @param cut whether there were more records in the reply than fitted its limit, of which there
   *     is one at least; without it, fewer than were asked for are all there are
   */
  public record Range(List<LogReader.Entry> entries, boolean cut) {}

  /** {@return the records in a reply to {@link #range}} */
  public static Range range(Reply reply, byte[] key, StreamId from, StreamId to) {
    if (!(reply instanceof Reply.Value(List<?> elements))) {
      throw new UnsoundReply("not a list of records");
    }
    Collected collected = new Collected();
    collected.addAll(key, elements, from, to);
    return collected.range();
  }

  /** {@return the command that waits for records after those given} */
  static CommandArguments read(
      List<byte[]> keys, List<StreamId> after, int count, long blockMillis) {
    CommandArguments command = new CommandArguments(Command.XREAD).add(Keyword.COUNT).add(count);
    if (blockMillis > 0) {
      command.add(Keyword.BLOCK).add(blockMillis);
    }
    command.add(Keyword.STREAMS);
    keys.forEach(command::key);
    after.forEach(id -> command.add(id.toString()));
    return command;
  }

  /** {@return the records in a reply to {@link #read}} */
  static Range read(Reply reply, List<byte[]> keys, List<StreamId> after) {
    Collected collected = new Collected();
    int index = -1;
    if (reply instanceof Reply.Value(List<?> streams)) {
      for (Object stream : streams) {
        if (stream instanceof List<?> pair
            && pair.size() == 2
            && pair.get(0) instanceof byte[] key
            && pair.get(1) instanceof List<?> elements) {
          // The server goes through the streams in the order of the command.
          index = indexOf(key, keys, index + 1);
          collected.addAll(keys.get(index), elements, after.get(index).next(), StreamId.MAX);
        } else if (Collected.isCut(stream)) {
          collected.cut = true;
        } else {
          throw new UnsoundReply("not a stream's records");
        }
      }
    } else if (!(reply instanceof Reply.Value(Object value) && value == null)) {
      throw new UnsoundReply("not a list of streams");
    }
    return collected.range();
  }

  private static int indexOf(byte[] key, List<byte[]> keys, int from) {
    for (int index = from; index < keys.size(); index++) {
      if (Arrays.equals(key, keys.get(index))) {
        return index;
      }
    }
    throw new UnsoundReply("a stream that was not asked for");
  }

  private static StreamId id(byte[] text) {
    try {
      return StreamId.parse(new String(text, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new UnsoundReply("not an id");
    }
  }

  /** The records of one reply so far. */
  private static final class Collected {
    private final List<LogReader.Entry> entries = new ArrayList<>();
    private boolean cut;

    void addAll(byte[] key, List<?> elements, StreamId from, StreamId to) {
      StreamId least = from;
      for (Object element : elements) {
        if (isCut(element)) {
          cut = true;
          if (!entries.isEmpty()) {
            return;
          }
          // A record of ours fits alone: this is another's, and is gone past.
        }
        if (!(element instanceof List<?> pair
            && pair.size() == 2
            && pair.get(0) instanceof byte[] text)) {
          throw new UnsoundReply("not a record");
        }
        StreamId id = id(text);
        if (least == null || id.compareTo(least) < 0 || id.compareTo(to) > 0) {
          throw new UnsoundReply("record " + id + " where " + least + " to " + to + " was asked");
        }
        least = id.equals(StreamId.MAX) ? null : id.next();
        entries.add(new LogReader.Entry(key, id, record(pair.get(1))));
      }
    }

    /** {@return all of it: whoever reads on after the last record gets further} */
    Range range() {
      if (cut && entries.isEmpty()) {
        throw new UnsoundReply("a part of a reply without a record");
      }
      return new Range(entries, cut);
    }

    private static boolean isCut(Object element) {
      return element == Reply.Left.CUT
          || element instanceof List<?> inner && !inner.isEmpty() && isCut(inner.getLast());
    }

    private static byte[] record(Object fields) {
      return fields instanceof List<?> pair
              && pair.size() == 2
              && pair.get(0) instanceof byte[] name
              && name.length == 1
              && name[0] == FIELD[0]
              && pair.get(1) instanceof byte[] record
          ? record
          : NO_RECORD;
    }
  }
}
