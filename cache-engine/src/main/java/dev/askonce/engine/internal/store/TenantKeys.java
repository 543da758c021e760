package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.base.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import net.openhft.hashing.LongHashFunction;

/**
 * The keys of an encrypted store's tenants: random, one each, made when a tenant first puts
 * something, sealed with a key that is derived from the operator's, in the file {@code KEYS}. A
 * tenant is forgotten by destroying its key: what copies of the other files hold of it cannot be
 * read any more.
 *
 * <pre>
 *    0  magic     8 bytes  "ASKKEYS\n"
 *    8  version   u32      another one is not read
 *   16  check     32 bytes derived from the operator's key
 *  120  checksum  u64      XXH3 of all before
 *  128  records of 128 bytes, all zero where there is none:
 *    0  tenant    u64      keyed hash
 *    8  sealed    60 bytes nonce, key, tag; for this store and tenant
 *  120  checksum  u64      XXH3 of all before in the record
 * </pre>
 *
 * <p>A record lies in one sector, so that it is there or not. Thread-safe.
 */
public final class TenantKeys implements AutoCloseable {
  private static final byte[] MAGIC = "ASKKEYS\n".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int RECORD = 128;
  private static final int CHECKSUM = RECORD - Long.BYTES;
  private static final int CHECK = 16;
  private static final int SEALED = 8;

  /** Tenants that have a key at the same time. */
  static final int TENANTS_MAX = 1 << 20;

  private static final int BYTES_MAX = RECORD * (TENANTS_MAX + 1);
  private static final int SEALED_BYTES = Seal.NONCE_BYTES + MasterKey.BYTES + Seal.TAG_BYTES;

  private final Path file;

  /** Not a channel, which an interrupt of a caller would close. */
  private final RandomAccessFile content;

  private final UUID store;
  private final SecretKey wrapping;
  private final Map<Long, SecretKey> keys = new ConcurrentHashMap<>();

  /**
   * Where each key is, whose were there at the opening, which places have none. Under the monitor.
   */
  private final Map<Long, Integer> places = new HashMap<>();

  private final List<Long> loaded = new ArrayList<>();
  private final Queue<Integer> free = new ArrayDeque<>();
  private int count;

  private TenantKeys(Path file, RandomAccessFile content, UUID store, SecretKey wrapping) {
    this.file = file;
    this.content = content;
    this.store = store;
    this.wrapping = wrapping;
  }

  /** {@return the file of a directory's keys} */
  public static Path file(Path directory) {
    return directory.resolve("KEYS");
  }

  /** Creates the file of a new store. */
  public static void create(Path directory, UUID store, MasterKey master) throws IOException {
    Path file = file(directory);
    PrivateFiles.createFile(file);
    CrashPoint.KEYS_FILE_MADE.reached();
    ByteBuffer head = record();
    head.put(0, MAGIC).putInt(8, VERSION).put(CHECK, master.check(store));
    Files.write(file, finished(head));
    Disk.forceFile(file);
  }

  /** {@return whether keys that can be read were sealed with another key} */
  public static boolean isOfAnother(Path directory, UUID store, MasterKey master)
      throws IOException {
    byte[] head = read(file(directory), RECORD);
    return isHead(head) && !isSealedWith(head, store, master);
  }

  /**
   * Opens the file of a store.
   *
   * @throws DamagedFileException if it is damaged, or is another store's or key's
   */
  public static TenantKeys open(Path directory, UUID store, MasterKey master) throws IOException {
    Path file = file(directory);
    byte[] bytes = read(file, BYTES_MAX + 1);
    RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
    try {
      return read(file, bytes, content, store, master);
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  /** As {@link #open}, for a file that was read; changes go to {@code content}. */
  static TenantKeys read(
      Path file, byte[] bytes, RandomAccessFile content, UUID store, MasterKey master)
      throws IOException {
    if (!isHead(bytes) || !isSealedWith(bytes, store, master)) {
      throw new DamagedFileException(file + " does not verify");
    }
    TenantKeys opened = new TenantKeys(file, content, store, master.wrapping(store));
    opened.load(bytes);
    return opened;
  }

  /** {@return what is wrong with the file of a store, whose key is not known} */
  static List<String> problems(Path directory) throws IOException {
    Path file = file(directory);
    if (!Files.exists(file)) {
      return List.of("missing");
    }
    return problems(read(file, BYTES_MAX + 1));
  }

  /** {@return what is wrong with the content of such a file} */
  static List<String> problems(byte[] bytes) {
    List<String> problems = new ArrayList<>();
    if (!isHead(bytes)) {
      problems.add("the head does not verify");
    }
    for (int place = 1; place * RECORD < bytes.length; place++) {
      byte[] record = recordAt(bytes, place);
      if (!isFree(record) && !verifies(record)) {
        problems.add("the key in place " + place + " does not verify");
      }
    }
    return problems;
  }

  private static byte[] read(Path file, int bytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bytesMax);
    }
  }

  private static boolean isHead(byte[] bytes) {
    byte[] head = recordAt(bytes, 0);
    return bytes.length <= BYTES_MAX
        && verifies(head)
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && buffer(head).getInt(8) == VERSION;
  }

  private static boolean isSealedWith(byte[] bytes, UUID store, MasterKey master) {
    byte[] check = Arrays.copyOfRange(bytes, CHECK, CHECK + MasterKey.BYTES);
    return MessageDigest.isEqual(check, master.check(store));
  }

  private void load(byte[] bytes) throws IOException {
    count = (bytes.length + RECORD - 1) / RECORD - 1;
    for (int place = 1; place <= count; place++) {
      byte[] record = recordAt(bytes, place);
      long tenant = buffer(record).getLong(0);
      byte[] sealed = Arrays.copyOfRange(record, SEALED, SEALED + SEALED_BYTES);
      Optional<byte[]> key =
          verifies(record) ? Seal.open(wrapping, context(tenant), sealed) : Optional.empty();
      if (key.isPresent() && places.putIfAbsent(tenant, place) == null) {
        keys.put(tenant, new SecretKeySpec(key.get(), "AES"));
        loaded.add(tenant);
      } else {
        free.add(place);
        if (!isFree(record)) {
          // Whatever it is: a key that nobody knows of could not be destroyed.
          write(place, new byte[RECORD]);
        }
      }
    }
  }

  /** {@return the key of a tenant, if it has one} */
  Optional<SecretKey> find(long tenant) {
    return Optional.ofNullable(keys.get(tenant));
  }

  /**
   * {@return the key of a tenant, a new one if it has none}
   *
   * @throws IOException if a new one cannot be kept
   */
  SecretKey findOrMake(long tenant) throws IOException {
    SecretKey found = keys.get(tenant);
    return found == null ? make(tenant) : found;
  }

  private synchronized SecretKey make(long tenant) throws IOException {
    SecretKey raced = keys.get(tenant);
    if (raced != null) {
      return raced;
    }
    if (keys.size() >= TENANTS_MAX) {
      throw new IOException("there are keys of " + TENANTS_MAX + " tenants");
    }
    byte[] key = Seal.random(MasterKey.BYTES);
    ByteBuffer record = record();
    record.putLong(0, tenant).put(SEALED, Seal.seal(wrapping, context(tenant), key));
    int place = placeFor(tenant);
    write(place, finished(record));
    CrashPoint.KEY_KEPT.reached();
    free.remove(place);
    count = Math.max(count, place);
    places.put(tenant, place);
    SecretKey made = new SecretKeySpec(key, "AES");
    keys.put(tenant, made);
    return made;
  }

  /** {@return where a key goes: over one that could not be destroyed, or where none is} */
  private int placeFor(long tenant) {
    Integer old = places.get(tenant);
    if (old != null) {
      return old;
    }
    return free.isEmpty() ? count + 1 : free.peek();
  }

  /**
   * Destroys the key of a tenant, on the disk too.
   *
   * @throws IOException if the disk does not take it: it may be there still
   */
  public synchronized void destroy(long tenant) throws IOException {
    Integer place = places.get(tenant);
    if (place == null) {
      return;
    }
    keys.remove(tenant);
    write(place, new byte[RECORD]);
    CrashPoint.KEY_DESTROYED.reached();
    places.remove(tenant);
    free.add(place);
  }

  /**
   * Destroys the keys, of those that were there at the opening, of all tenants but these.
   *
   * @throws IOException if the disk does not take it
   */
  synchronized void retainOfOpening(Set<Long> tenants) throws IOException {
    for (long tenant : loaded) {
      if (!tenants.contains(tenant)) {
        destroy(tenant);
      }
    }
    loaded.clear();
  }

  private void write(int place, byte[] record) throws IOException {
    content.seek((long) place * RECORD);
    content.write(record);
    content.getFD().sync();
    Disk.forced(file);
  }

  private byte[] context(long tenant) {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(store.getMostSignificantBits())
        .putLong(store.getLeastSignificantBits())
        .putLong(tenant)
        .array();
  }

  private static ByteBuffer record() {
    return buffer(new byte[RECORD]);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return a record, its end zero where the file is shorter} */
  private static byte[] recordAt(byte[] bytes, int place) {
    int from = Math.min(bytes.length, place * RECORD);
    int end = Math.min(bytes.length, from + RECORD);
    return Arrays.copyOf(Arrays.copyOfRange(bytes, from, end), RECORD);
  }

  private static boolean isFree(byte[] record) {
    return Arrays.equals(record, new byte[RECORD]);
  }

  private static boolean verifies(byte[] record) {
    return buffer(record).getLong(CHECKSUM) == checksum(record);
  }

  private static long checksum(byte[] record) {
    return LongHashFunction.xx3().hashBytes(record, 0, CHECKSUM);
  }

  private static byte[] finished(ByteBuffer record) {
    return record.putLong(CHECKSUM, checksum(record.array())).array();
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
