package dev.askonce.redis.rig;

import dev.askonce.redis.internal.log.LogStream;
import dev.askonce.redis.internal.log.SnapshotChunks;
import dev.askonce.redis.internal.replication.Keys;
import dev.askonce.redis.internal.server.StreamId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** What somebody does who can write to the server and does not have the secret. */
public final class RawRedis implements AutoCloseable {
  private final RedisProcess server;
  private final Connection connection;
  private final Keys names = new Keys("askonce");

  public RawRedis(RedisProcess server) {
    this.server = server;
    connection = new Connection(new HostAndPort("127.0.0.1", server.port()));
  }

  public Object send(Command command, byte[]... arguments) {
    connection.sendCommand(command, arguments);
    return connection.getOne();
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public void add(LogStream log, byte[] record) {
    send(Command.XADD, bytes(log.name()), bytes("*"), bytes("r"), record);
  }

  public byte[] get(String key) {
    return (byte[]) send(Command.GET, bytes(key));
  }

  public void set(String key, byte[] value) {
    send(Command.SET, bytes(key), value);
  }

  /** {@return the names of keys of a kind} */
  public List<String> keys(String kind) {
    return server.keys().stream().filter(key -> key.contains(":" + kind + ":")).sorted().toList();
  }

  /** {@return all logs of scopes} */
  public List<LogStream> logs() {
    return keys("log").stream().map(this::log).toList();
  }

  private LogStream log(String key) {
    return names.log(Keys.parse(key.split(":")[3]).orElseThrow());
  }

  public LogStream control() {
    return names.control();
  }

  /** {@return the newest records of a log, the last first} */
  public List<byte[]> records(LogStream log, int count) {
    List<byte[]> records = new ArrayList<>();
    for (Object entry :
        (List<?>)
            send(
                Command.XREVRANGE,
                bytes(log.name()),
                bytes("+"),
                bytes("-"),
                bytes("COUNT"),
                bytes("" + count))) {
      records.add((byte[]) ((List<?>) ((List<?>) entry).get(1)).get(1));
    }
    return records;
  }

  /** Cuts all but the last record off a log: that one is looked for. */
  public void forget(LogStream log) {
    send(Command.XTRIM, bytes(log.name()), bytes("MAXLEN"), bytes("1"));
  }

  /** {@return the name of the only snapshot's manifest} */
  public String manifest() {
    return snapshotKeys(4).findFirst().orElseThrow();
  }

  /** {@return the names of the parts of all snapshots} */
  public List<String> chunks() {
    return snapshotKeys(6).toList();
  }

  private Stream<String> snapshotKeys(int parts) {
    return keys("snap").stream().filter(key -> key.split(":").length == parts);
  }

  /** {@return the log that the records of a chunk come from} */
  public LogStream logOf(String chunk) {
    return log(chunk);
  }

  /** {@return the records of a chunk} */
  public List<byte[]> recordsOf(String chunk) {
    return SnapshotChunks.read(generation(chunk), number(chunk), get(chunk)).orElseThrow();
  }

  /** Writes a chunk as a cache does. */
  public void write(String chunk, List<byte[]> records) {
    List<byte[]> written = new ArrayList<>();
    SnapshotChunks.Cutter cutter =
        new SnapshotChunks.Cutter(
            generation(chunk), Integer.MAX_VALUE, (number, made) -> written.add(made));
    records.forEach(cutter::add);
    cutter.finish(StreamId.ZERO);
    ByteBuffer bytes = ByteBuffer.wrap(written.getFirst()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(Integer.BYTES, number(chunk));
    CRC32C checksum = new CRC32C();
    int end = bytes.capacity() - Integer.BYTES;
    checksum.update(bytes.array(), 0, end);
    bytes.putInt(end, (int) checksum.getValue());
    set(chunk, bytes.array());
  }

  private static long generation(String chunk) {
    return Long.parseLong(chunk.split(":")[4], 16);
  }

  private static int number(String chunk) {
    return Integer.parseInt(chunk.split(":")[5]);
  }

  @Override
  public void close() {
    connection.close();
  }
}
