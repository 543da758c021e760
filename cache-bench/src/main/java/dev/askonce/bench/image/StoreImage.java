package dev.askonce.bench.image;

import dev.askonce.bench.data.Folders;
import dev.askonce.engine.internal.base.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a store as bytes, by name. The lock is none of them: it is empty. */
public record StoreImage(SortedMap<String, byte[]> files) {
  private static final String LOCK = "LOCK";

  /** No file may become so many times as long as all were together. */
  private static final int GROWTH_MAX = 4;

  /** More than any file of a small store that is made anew. */
  private static final long GROWTH_BYTES = 4L << 20;

  /** {@return what is in a directory now} */
  public static StoreImage read(Path directory) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (Path file : list(directory)) {
      String name = file.getFileName().toString();
      if (!name.equals(LOCK) && Files.isRegularFile(file)) {
        files.put(name, Files.readAllBytes(file));
      }
    }
    return new StoreImage(files);
  }

  /** {@return one of the files; it may be changed} */
  public byte[] file(String name) {
    return files.get(name);
  }

  /** {@return the same files, to be changed without changing these} */
  public StoreImage copy() {
    SortedMap<String, byte[]> copies = new TreeMap<>();
    files.forEach((name, bytes) -> copies.put(name, bytes.clone()));
    return new StoreImage(copies);
  }

  /**
   * Counts what an opening left behind: stores moved aside, and files far longer than they were.
   */
  public void countAftermath(Path directory, Journal journal, String context) throws IOException {
    long whole = files.values().stream().mapToLong(file -> file.length).sum();
    try (Stream<Path> left = Files.walk(directory)) {
      for (Path file : left.toList()) {
        if (Files.isDirectory(file)) {
          journal.add(Outcome.ASIDE, file.equals(directory) ? 0 : 1);
        } else if (Files.size(file) > GROWTH_MAX * whole + GROWTH_BYTES) {
          journal.failed(
              Outcome.GROWN, context + ": " + file.getFileName() + " has " + Files.size(file));
        }
      }
    }
  }

  /** Makes a directory hold these files and nothing else but the lock. */
  public void write(Path directory) throws IOException {
    PrivateFiles.createDirectory(directory);
    for (Path file : list(directory)) {
      String name = file.getFileName().toString();
      if (!name.equals(LOCK) && !files.containsKey(name)) {
        Folders.delete(file);
      }
    }
    for (var file : files.entrySet()) {
      write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private static void write(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest, rest.position());
      }
      channel.truncate(bytes.length);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
