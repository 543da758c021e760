package dev.askonce.engine.internal.store;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.base.PrivateFiles;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.openhft.hashing.LongHashFunction;

/**
 * The directory of one store, held by this cache alone: private rights, a lock for as long as it is
 * open, the store's secret, and a place aside for files that cannot be used.
 */
public final class StoreDirectory implements AutoCloseable {
  private static final String LOCK = "LOCK";

  private static final Pattern SEGMENT = Pattern.compile("(slots|vectors)-\\d{5}\\.dat");

  /**
   * What a replication keeps beside the store: how far this store has come, which goes where the
   * store goes, and what was removed, which no store in its place may take back from others.
   */
  private static final String REPLICATION_FILE = "(REMOVALS|REPLICATION)(\\.unfinished)?";

  private static final String STAYS = "REMOVALS";

  /** The names of a store's files, but for the lock; nothing else is ever touched. */
  private static final Pattern OWN_FILE =
      Pattern.compile(
          SEGMENT
              + "|graph\\.snap.*|(answers|prompts)-\\d{5}\\.cm.*|SUPER|SECRET|KEYS|FEEDBACK|"
              + REPLICATION_FILE);

  private static final Pattern OWN_NAME = Pattern.compile(OWN_FILE + "|aside-.*");
  private static final int SECRET_FILE_BYTES = KeyedHash.SECRET_BYTES + Long.BYTES;
  private static final String SECRET = "SECRET";

  /** A second lock in one JVM would throw instead of waiting; this set says so first. */
  private static final Set<Path> OPEN = new HashSet<>();

  private final Path path;
  private final Path realPath;
  private final FileChannel lockChannel;
  private final FileLock lock;

  private StoreDirectory(Path path, Path realPath, FileChannel lockChannel, FileLock lock) {
    this.path = path;
    this.realPath = realPath;
    this.lockChannel = lockChannel;
    this.lock = lock;
  }

  /**
   * Creates the directory where it is missing, and locks it.
   *
   * @throws CacheException.Locked if another cache has it open
   * @throws CacheException.StoreUnavailable if it cannot be created, is a symbolic link, another
   *     user's, or can be written by others, or one of its files is a link, a directory or another
   *     user's
   */
  public static StoreDirectory open(Path path) {
    try {
      PrivateFiles.createDirectory(path);
      return lock(path, path.toRealPath());
    } catch (IOException e) {
      throw new CacheException.StoreUnavailable("cannot open " + path + ": " + e, e);
    }
  }

  private static StoreDirectory lock(Path path, Path realPath) throws IOException {
    synchronized (OPEN) {
      if (!OPEN.add(realPath)) {
        throw new CacheException.Locked(path);
      }
    }
    FileChannel channel = null;
    try {
      Path file = path.resolve(LOCK);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        createLock(file);
      }
      requireFile(file);
      channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new CacheException.Locked(path);
      }
      requireFiles(path);
      return new StoreDirectory(path, realPath, channel, lock);
    } catch (OverlappingFileLockException e) {
      release(realPath, channel);
      throw new CacheException.Locked(path);
    } catch (IOException | RuntimeException e) {
      release(realPath, channel);
      throw e;
    }
  }

  /** Files are opened for writing: through a link one outside of the store would be changed. */
  private static void requireFiles(Path path) throws IOException {
    for (Path file : storeFiles(path)) {
      requireFile(file);
    }
  }

  private static void requireFile(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CacheException.StoreUnavailable(
          file + " is a link or a directory, not a file of a store; remove it first");
    }
    PrivateFiles.requireOwn(file);
  }

  private static void createLock(Path file) throws IOException {
    try {
      PrivateFiles.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // Another opener was faster; the lock decides who goes on.
    }
  }

  private static void release(Path realPath, FileChannel channel) throws IOException {
    synchronized (OPEN) {
      OPEN.remove(realPath);
    }
    if (channel != null) {
      channel.close();
    }
  }

  public Path path() {
    return path;
  }

  /**
   * {@return the secret of this store's keyed hashes, created with it; an empty array if it is
   * damaged} Its file ends with the XXH3 checksum of the 32 bytes before it: another secret would
   * make every entry unreachable without a word.
   */
  public byte[] secret() throws IOException {
    Path file = path.resolve(SECRET);
    if (!Files.exists(file)) {
      byte[] secret = new byte[KeyedHash.SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      PrivateFiles.createFile(file);
      CrashPoint.SECRET_FILE_MADE.reached();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        ByteBuffer content = ByteBuffer.allocate(SECRET_FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.put(secret).putLong(checksum(secret)).flip();
        channel.write(content);
        channel.force(true);
        Disk.forced(file);
      }
      return secret;
    }
    // One more, so that a longer file is known.
    try (InputStream in = Files.newInputStream(file)) {
      return secret(in.readNBytes(SECRET_FILE_BYTES + 1));
    }
  }

  /** {@return the secret in a file's content, or an empty array} */
  static byte[] secret(byte[] content) {
    if (content.length != SECRET_FILE_BYTES) {
      return new byte[0];
    }
    byte[] secret = Arrays.copyOf(content, KeyedHash.SECRET_BYTES);
    long stored =
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(KeyedHash.SECRET_BYTES);
    return stored == checksum(secret) ? secret : new byte[0];
  }

  private static long checksum(byte[] secret) {
    return LongHashFunction.xx3().hashBytes(secret);
  }

  /** {@return whether the directory holds files, and none of them is a store's segment} */
  public boolean isOfSomethingElse() throws IOException {
    boolean foreign = false;
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (SEGMENT.matcher(name).matches()) {
          return false;
        }
        foreign |= !name.equals(LOCK) && !OWN_NAME.matcher(name).matches();
      }
    }
    return foreign;
  }

  /** {@return whether the file of the secret is there} */
  public boolean hasSecret() {
    return Files.exists(path.resolve(SECRET));
  }

  /**
   * Moves all files of the store but the lock and the removals into a new directory inside this
   * one.
   *
   * @return where they are, or null if there were none
   */
  public Path moveAside(long nowMillis) throws IOException {
    List<Path> files =
        storeFiles().stream().filter(file -> !file.getFileName().toString().equals(STAYS)).toList();
    if (files.isEmpty()) {
      return null;
    }
    return moveAside(path, files, nowMillis);
  }

  /** Moves files of a store that are there into a new directory inside it. {@return which} */
  static Path moveAside(Path path, List<Path> files, long nowMillis) throws IOException {
    Path aside = path.resolve("aside-" + nowMillis);
    for (int i = 1; Files.exists(aside); i++) {
      aside = path.resolve("aside-" + nowMillis + "-" + i);
    }
    PrivateFiles.createDirectory(aside);
    CrashPoint.ASIDE_MADE.reached();
    for (Path file : files) {
      if (Files.exists(file)) {
        Files.move(file, aside.resolve(file.getFileName()));
        CrashPoint.ASIDE_MOVED.reached();
      }
    }
    return aside;
  }

  /** {@return the file of a store's graphs} */
  public static Path graphFile(Path directory) {
    return directory.resolve("graph.snap");
  }

  /** {@return the name of a file while it is being made} */
  public static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".unfinished");
  }

  /** {@return the length of all files of the store} */
  public long bytes() {
    try {
      long bytes = 0;
      for (Path file : storeFiles()) {
        bytes += size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      // A shard that was just finished got its own name meanwhile.
      return 0;
    }
  }

  private List<Path> storeFiles() throws IOException {
    return storeFiles(path);
  }

  private static List<Path> storeFiles(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> OWN_FILE.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      release(realPath, lockChannel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
