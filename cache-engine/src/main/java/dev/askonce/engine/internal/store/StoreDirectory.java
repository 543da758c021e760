package dev.askonce.engine.internal.store;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.internal.base.PrivateFiles;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory of one store, held by this cache alone: private rights, a lock for as long as it is
 * open, the store's secret, and a place aside for files that cannot be used.
 */
public final class StoreDirectory implements AutoCloseable {
  private static final String LOCK = "LOCK";
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
   * @throws CacheException.StoreUnavailable if it cannot be created, is a symbolic link, or other
   *     users can write it
   */
  public static StoreDirectory open(Path path) {
    try {
      PrivateFiles.createDirectory(path);
      return lock(path, path.toRealPath());
    } catch (IOException e) {
      throw new CacheException.StoreUnavailable("cannot open " + path + ": " + e.getMessage(), e);
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
      if (!Files.exists(file)) {
        PrivateFiles.createFile(file);
      }
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new CacheException.Locked(path);
      }
      return new StoreDirectory(path, realPath, channel, lock);
    } catch (OverlappingFileLockException e) {
      release(realPath, channel);
      throw new CacheException.Locked(path);
    } catch (IOException | RuntimeException e) {
      release(realPath, channel);
      throw e;
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

  /** {@return the secret of this store's keyed hashes, created with it; empty array if damaged} */
  public byte[] secret() throws IOException {
    Path file = path.resolve(SECRET);
    if (!Files.exists(file)) {
      byte[] secret = new byte[KeyedHash.SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      PrivateFiles.createFile(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(secret));
        channel.force(true);
      }
      return secret;
    }
    byte[] secret = Files.readAllBytes(file);
    return secret.length == KeyedHash.SECRET_BYTES ? secret : new byte[0];
  }

  /** {@return whether the file of the secret is there} */
  public boolean hasSecret() {
    return Files.exists(path.resolve(SECRET));
  }

  /**
   * Moves all files of the store but the lock into a new directory inside this one.
   *
   * @return where they are, or null if there were none
   */
  public Path moveAside(long nowMillis) throws IOException {
    List<Path> files = storeFiles();
    if (files.isEmpty()) {
      return null;
    }
    Path aside = path.resolve("aside-" + nowMillis);
    for (int i = 1; Files.exists(aside); i++) {
      aside = path.resolve("aside-" + nowMillis + "-" + i);
    }
    PrivateFiles.createDirectory(aside);
    for (Path file : files) {
      Files.move(file, aside.resolve(file.getFileName()));
    }
    return aside;
  }

  /** Deletes the graph files: hints, made anew from the entries. */
  public void deleteGraph() throws IOException {
    for (Path file : storeFiles()) {
      if (file.getFileName().toString().startsWith("graph-")) {
        Files.delete(file);
      }
    }
  }

  /** {@return the length of all files of the store} */
  public long bytes() {
    try {
      long bytes = 0;
      for (Path file : storeFiles()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> storeFiles() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.endsWith(LOCK))
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
