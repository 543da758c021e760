package dev.askonce.redis.internal.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

class ReplyReaderTest {
  private static final ReplyLimits LIMITS = new ReplyLimits(100, 5000);
  private static final byte[] KEY = {'k'};

  private static RedisInputStream in(String reply) {
    return new RedisInputStream(new ByteArrayInputStream(reply.getBytes(ISO_8859_1)));
  }

  private static Object read(String reply) {
    return new ReplyReader(in(reply), LIMITS).read();
  }

  private static String value(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static String array(String... elements) {
    return "*" + elements.length + "\r\n" + String.join("", elements);
  }

  private static String record(int id, String text) {
    return array(value("7-" + id), array(value("r"), value(text)));
  }

  private static String records(int count, String text) {
    String[] records = new String[count];
    Arrays.setAll(records, i -> record(i, text));
    return array(records);
  }

  private static Streams.Range range(String reply) {
    Reply read = new Reply.Value(read(reply));
    return Streams.range(read, KEY, StreamId.ZERO, StreamId.MAX);
  }

  @Test
  void read_nested_isLists() {
    List<?> list =
        (List<?>) read(array(":7\r\n", "*-1\r\n", "$-1\r\n", array(value("x")), "*0\r\n"));
    assertEquals(5, list.size());
    assertEquals(7L, list.get(0));
    assertEquals(null, list.get(1));
    assertEquals(null, list.get(2));
    assertArrayEquals(new byte[] {'x'}, (byte[]) ((List<?>) list.get(3)).getFirst());
    assertEquals(List.of(), list.get(4));
  }

  @Test
  void read_error_isThrownWhole() {
    assertEquals(
        "MOVED 1 h:1",
        assertThrows(JedisDataException.class, () -> read("-MOVED 1 h:1\r\n")).getMessage());
    assertThrows(JedisConnectionException.class, () -> read(array("-ERR\r\n")));
  }

  @Test
  void range_recordOverItsLimit_isEmptyAndTheOthersAreThere() {
    Streams.Range range =
        range(array(record(1, "a"), record(2, "x".repeat(101)), record(3, "x".repeat(100))));
    assertEquals(List.of(1, 0, 100), range.entries().stream().map(e -> e.bytes().length).toList());
    assertTrue(!range.cut());
  }

  @Test
  void range_replyAtAnyLengthOfItsParts_isCutBetweenRecords() {
    for (int length = 0; length <= 100; length++) {
      String text = "y".repeat(length);
      Streams.Range range = range(records(200, text));
      assertTrue(range.cut() && range.entries().size() > 10, "length " + length);
      range.entries().forEach(e -> assertEquals(text, new String(e.bytes(), ISO_8859_1)));
      assertEquals(
          StreamId.parse("7-" + (range.entries().size() - 1)), range.entries().getLast().id());
    }
  }

  /** Somebody else's: ours fit alone. Whoever reads on after it gets further. */
  @Test
  void range_firstRecordOverTheLimitOfAReply_isEmptyAndGonePast() {
    String[] fields = new String[200];
    Arrays.fill(fields, value("x".repeat(50)));
    String large = array(value("7-1"), array(fields));
    Streams.Range range = range(array(large, record(2, "a")));
    assertTrue(range.cut());
    assertEquals(1, range.entries().size());
    assertEquals(StreamId.parse("7-1"), range.entries().getFirst().id());
    assertEquals(0, range.entries().getFirst().bytes().length);
    Streams.Range after = range(array(record(1, "a"), large));
    assertEquals(1, after.entries().size(), "not gone past where something comes before it");
    Reply stream = new Reply.Value(read(array(array(value("k"), array(large)))));
    assertEquals(1, Streams.read(stream, List.of(KEY), List.of(StreamId.ZERO)).entries().size());
  }

  @Test
  void range_partWithoutARecord_isUnsound() {
    String many = array("*" + 200 + "\r\n" + "*-1\r\n".repeat(200));
    assertThrows(UnsoundReply.class, () -> range(many));
  }

  @Test
  void range_afterTheLastIdThereIs_nothingFollows() {
    String last = array(value(StreamId.MAX.toString()), array(value("r"), value("x")));
    assertEquals(1, range(array(last)).entries().size());
    assertThrows(UnsoundReply.class, () -> range(array(last, record(1, "x"))));
    assertThrows(UnsoundReply.class, () -> range(array(last, last)));
  }

  @Test
  void read_statusesInAnArray_countAsValuesDo() {
    String[] lines = new String[50];
    Arrays.fill(lines, "+" + "x".repeat(500) + "\r\n");
    List<?> list = (List<?>) read(array(lines));
    assertEquals(Reply.Left.CUT, list.getLast());
    assertTrue(list.size() <= 10, "" + list.size());
  }

  @Test
  void read_streamsOverTheLimit_areCutAndTheConnectionIsInStep() {
    String one = array(value("k"), records(20, "z".repeat(50)));
    String two = array(value("l"), records(20, "z".repeat(50)));
    RedisInputStream in = in(array(one, two, array(value("m"), records(1, "z"))) + "+NEXT\r\n");
    Reply reply = new Reply.Value(new ReplyReader(in, LIMITS).read());
    List<byte[]> keys = List.of(KEY, new byte[] {'l'}, new byte[] {'m'});
    List<StreamId> after = List.of(StreamId.ZERO, StreamId.ZERO, StreamId.ZERO);
    Streams.Range range = Streams.read(reply, keys, after);
    assertTrue(range.cut());
    assertTrue(range.entries().size() > 20 && range.entries().size() < 40);
    assertArrayEquals("NEXT".getBytes(ISO_8859_1), (byte[]) new ReplyReader(in, LIMITS).read());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*2000000000\r\n",
        "*-2\r\n",
        "*x\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "*1\r\n$600000000\r\n",
        "*1\r\n$-2\r\n",
        "*1\r\n%1\r\n",
        "*1\r\n$1\r\nxyz"
      })
  void read_unsound_isRefused(String reply) {
    assertThrows(JedisException.class, () -> read(reply));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7-2 7-1", "7-1 7-1", "9-1 9-2", "1-1 7-1"})
  void range_recordsOutOfOrderOrRange_isUnsound(String ids) {
    String[] each = ids.split(" ");
    String reply =
        array(
            array(value(each[0]), array(value("r"), value("x"))),
            array(value(each[1]), array(value("r"), value("x"))));
    Reply read = new Reply.Value(read(reply));
    assertThrows(
        UnsoundReply.class,
        () -> Streams.range(read, KEY, StreamId.parse("7-0"), StreamId.parse("8-0")));
  }

  @Test
  void read_anotherStream_isUnsound() {
    Reply reply = new Reply.Value(read(array(array(value("other"), records(1, "x")))));
    assertThrows(
        UnsoundReply.class, () -> Streams.read(reply, List.of(KEY), List.of(StreamId.ZERO)));
  }

  /** Whatever the bytes: records, or a refusal; nothing else. */
  @Test
  void range_bytesChangedAtRandom_isReadOrRefused() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    String sound = records(30, "some text");
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = sound.getBytes(ISO_8859_1);
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Streams.Range range = range(new String(bytes, ISO_8859_1));
        assertTrue(range.entries().size() <= 30, "seed " + seed);
      } catch (JedisException e) {
        // Refused, as it may be.
      }
    }
  }
}
