package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.EntryId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChronicleResponseStoreTest extends ResponseStoreContract {
  private static final int SHARD_ENTRIES = 1024;

  @Override
  ResponseStore open(Path directory, boolean clean) throws IOException {
    ResponseStore opened =
        new ChronicleResponseStore(
            directory, SHARD_ENTRIES, FRAME_BYTES_MAX, clean, Duration.ofSeconds(10));
    opened.awaitOpen();
    return opened;
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  @Test
  void open_newDirectory_makesPrivateFiles() throws IOException {
    assertEquals(2, files());
    for (Path file :
        new Path[] {
          ChronicleShard.answersFile(directory, 0), ChronicleShard.cardsFile(directory, 0)
        }) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  @Test
  void put_shardFull_opensAnother() throws IOException, TimeoutException {
    Map<Long, Integer> shardOf = fillUntilShard(1);
    assertTrue(shardOf.size() > SHARD_ENTRIES / 2, "the first took " + shardOf.size());
    assertEquals(4, files());
    for (boolean clean : new boolean[] {true, false}) {
      store.close();
      store = open(directory, clean);
      for (Map.Entry<Long, Integer> put : shardOf.entrySet()) {
        assertArrayEquals(
            frame(-put.getKey(), 1000), store.answer(put.getValue(), id(put.getKey())));
      }
    }
  }

  private Map<Long, Integer> fillUntilShard(int last) {
    Map<Long, Integer> shardOf = new LinkedHashMap<>();
    for (long number = 0, shard = 0; shard < last; number++) {
      shard = store.put(id(number), frame(number, 150), frame(-number, 1000));
      assertNotEquals(ResponseStore.REFUSED, shard);
      shardOf.put(number, (int) shard);
    }
    return shardOf;
  }

  @Test
  void put_afterManyRemovals_usesTheRoomAgain() throws IOException {
    Map<Long, Integer> shardOf = fillUntilShard(1);
    shardOf.forEach((number, shard) -> store.remove(shard, id(number)));
    long number = 1_000_000;
    for (int round = 0; round < 5; round++) {
      long from = number;
      for (; number < from + 1_000; number++) {
        int shard = store.put(id(number), frame(number, 150), frame(-number, 1000));
        shardOf.put(number, shard);
      }
      for (long gone = from; gone < number; gone++) {
        store.remove(shardOf.get(gone), id(gone));
      }
    }
    assertEquals(4, files(), "two shards of two files are enough");
  }

  /** A frame that no shard can take must not open shard after shard in search of room. */
  @Test
  void put_frameThatNeverFits_opensNoFurtherShards() throws IOException {
    long before = files();
    for (int i = 0; i < 3; i++) {
      byte[] over = new byte[64 * FRAME_BYTES_MAX];
      assertEquals(ResponseStore.REFUSED, store.put(id(i), new byte[1], over));
    }
    assertTrue(files() <= before + 2, files() + " files");
  }

  /** The limit of a frame is the operator's, and it holds for small stores too. */
  @Test
  void put_longestFrame_fitsIntoTheSmallestShard() throws IOException, TimeoutException {
    Path other = Files.createDirectory(directory.resolve("other"));
    int longest = 1 << 20;
    try (ResponseStore small =
        new ChronicleResponseStore(other, 1024, longest, true, Duration.ofSeconds(10))) {
      int shard = small.put(id(1), frame(1, longest), frame(2, longest));
      assertNotEquals(ResponseStore.REFUSED, shard);
      assertArrayEquals(frame(2, longest), small.answer(shard, id(1)));
      assertArrayEquals(frame(1, longest), small.card(shard, id(1)));
    }
  }

  private long asides() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith("aside-")).count();
    }
  }

  @Test
  void open_damagedHeader_setsThatShardAside() throws IOException, TimeoutException {
    Map<Long, Integer> shardOf = fillUntilShard(2);
    for (boolean clean : new boolean[] {true, false}) {
      store.close();
      Path file = ChronicleShard.answersFile(directory, clean ? 0 : 1);
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, 0, 64, (byte) 0x55);
      Files.write(file, bytes);
      store = open(directory, clean);
      assertEquals(clean ? 1 : 2, asides());
      int lost = clean ? 0 : 1;
      for (Map.Entry<Long, Integer> put : shardOf.entrySet()) {
        byte[] answer = store.answer(put.getValue(), id(put.getKey()));
        if (put.getValue() <= lost) {
          assertNull(answer);
        } else {
          assertArrayEquals(frame(-put.getKey(), 1000), answer);
        }
      }
    }
    assertFalse(store.needsRecovery());
    int shard = store.put(id(-1), frame(1, 10), frame(2, 10));
    assertArrayEquals(frame(2, 10), store.answer(shard, id(-1)));
  }

  /** An IOException would be taken for a disk without room, and nothing would mend the file. */
  @Test
  void open_flippedBitOfHeader_isDamageAndNoTroubleOfTheDisk()
      throws IOException, TimeoutException {
    store.close();
    Path file = ChronicleShard.answersFile(directory, 0);
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < 256; at += 5) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << at % Byte.SIZE);
      Files.write(file, bytes);
      try (ResponseStore flipped = open(directory, true)) {
        int shard = flipped.put(id(at), frame(1, 10), frame(2, 10));
        assertArrayEquals(frame(2, 10), flipped.answer(shard, id(at)), "byte " + at);
      }
    }
    assertTrue(asides() > 0);
    Files.write(file, whole);
    store = open(directory, true);
  }

  /** Compiling it in each process took longer than all the rest of an opening. */
  @Test
  void open_classOfTheHeader_isTheOneThatTheBuildCompiled() throws ClassNotFoundException {
    Class<?> header = Class.forName("net.openhft.chronicle.hash.VanillaGlobalMutableState$$Native");
    assertEquals(
        ChronicleShard.class.getProtectionDomain().getCodeSource().getLocation(),
        header.getProtectionDomain().getCodeSource().getLocation());
  }

  /** Whoever asks for what is not open yet is told so, or opens it. */
  @Test
  void open_manyShards_answersFromTheNewestAtOnce() throws IOException, TimeoutException {
    Map<Long, Integer> shardOf = fillUntilShard(3);
    for (boolean clean : new boolean[] {true, false}) {
      store.close();
      store =
          new ChronicleResponseStore(
              directory, SHARD_ENTRIES, FRAME_BYTES_MAX, clean, Duration.ofSeconds(10));
      for (Map.Entry<Long, Integer> put : shardOf.entrySet()) {
        EntryId id = id(put.getKey());
        try {
          assertArrayEquals(frame(-put.getKey(), 1000), store.answer(put.getValue(), id));
        } catch (TimeoutException e) {
          assertFalse(clean);
          assertTrue(put.getValue() < 3, "the newest is open");
        }
      }
      // A removal waits for its shard, and so does the rule of who lives.
      store.remove(0, id(0));
      store.removeOrphans(id -> id.sequence() != 1);
      store.awaitOpen();
      assertNull(store.answer(0, id(0)));
      assertNull(store.answer(0, id(1)));
      assertFalse(store.isRecovering());
      assertFalse(store.needsRecovery());
      shardOf.remove(0L);
      shardOf.remove(1L);
    }
  }

  /** Chronicle Map would wait a minute for the rest, or read behind the end and end the process. */
  @Test
  void open_shortFile_isDamageAtOnce() throws IOException {
    store.close();
    Path file = ChronicleShard.answersFile(directory, 0);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, 11, 12, 1000, 4096, whole.length / 2, whole.length - 4096}) {
      for (boolean clean : new boolean[] {true, false}) {
        Files.write(file, Arrays.copyOf(whole, length));
        long before = asides();
        open(directory, clean).close();
        assertEquals(before + 1, asides(), length + " bytes");
      }
    }
    Files.write(file, whole);
    store = open(directory, true);
  }

  /** Chronicle Map would make the file as long as the damaged number says. */
  @Test
  void open_flippedBitOfStateBehindHeader_neverChangesTheLength() throws IOException {
    store.put(id(1), frame(1, 10), frame(2, 10));
    store.close();
    Path file = ChronicleShard.answersFile(directory, 0);
    byte[] whole = Files.readAllBytes(file);
    int state = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("}\n", 4096) + 2;
    for (int bit = 0; bit < 128 * Byte.SIZE; bit++) {
      byte[] bytes = whole.clone();
      bytes[state + bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, bytes);
      open(directory, bit % 16 > 0).close();
      assertTrue(Files.size(file) < 2 * whole.length, "bit " + bit + ": " + Files.size(file));
    }
    Files.write(file, whole);
    store = open(directory, true);
  }

  /** Where the first segment is linked to a further tier: behind the page of the header. */
  private static final int LINK = 4096 + 16;

  /** Chronicle Map would follow the link, and make the file as long as it asks for. */
  @Test
  void open_flippedBitOfALink_isCutAndEverythingAnswers() throws IOException, TimeoutException {
    store.put(id(1), frame(1, 10), frame(2, 10));
    store.close();
    Path file = ChronicleShard.answersFile(directory, 0);
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < Long.SIZE; bit++) {
      byte[] bytes = whole.clone();
      bytes[LINK + bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, bytes);
      try (ResponseStore opened = open(directory, bit % 2 == 0)) {
        assertArrayEquals(frame(2, 10), opened.answer(0, id(1)), "bit " + bit);
      }
      assertEquals(whole.length, Files.size(file), "bit " + bit);
    }
    Files.write(file, whole);
    store = open(directory, true);
  }

  @Test
  void flippedBitOfALink_whileOpen_isAMissAndChangesNoLength() throws IOException {
    store.put(id(1), frame(1, 10), frame(2, 10));
    Path file = ChronicleShard.answersFile(directory, 0);
    byte[] whole = Files.readAllBytes(file);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(LINK);
      open.write(2);
    }
    assertThrows(TimeoutException.class, () -> store.answer(0, id(1)));
    assertTrue(store.needsRecovery());
    store.close();
    assertEquals(whole.length, Files.size(file));
    store = open(directory, false);
  }

  /** Recovery drops damaged entries; what it keeps is whole. */
  @Test
  void open_uncleanWithDamagedEntries_keepsWholeFramesOnly() throws IOException, TimeoutException {
    Map<Long, Integer> shardOf = fillUntilShard(1);
    store.close();
    Path file = ChronicleShard.answersFile(directory, 0);
    byte[] bytes = Files.readAllBytes(file);
    byte[] damaged = frame(-77, 1000);
    int at = indexOf(bytes, damaged);
    assertTrue(at > 0);
    bytes[at + 500] ^= 1;
    Files.write(file, bytes);
    store = open(directory, false);
    int missing = 0;
    for (Map.Entry<Long, Integer> put : shardOf.entrySet()) {
      EntryId id = id(put.getKey());
      byte[] answer = store.answer(put.getValue(), id);
      if (answer == null) {
        missing++;
      } else {
        assertArrayEquals(frame(-put.getKey(), 1000), answer);
      }
    }
    assertEquals(1, missing);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }
}
