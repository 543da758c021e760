package dev.askonce.bench.powerloss;

import dev.askonce.bench.image.HeapFrames;
import dev.askonce.engine.EntryId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the files of a store are, and what of it must be on the disk. It watches a directory in
 * memory, in which a mapping and the file are the same bytes. Thread-safe.
 */
final class SimulatedDisk {
  /** Contents of a file kept between two forces, the oldest given up first. */
  private static final int CONTENTS_MAX = 6;

  private static final String LOCK = "LOCK";

  /** A file, by whatever name: its bytes at its last force, and since then. */
  private static final class Tracked {
    private byte[] durable;
    private final List<byte[]> since = new ArrayList<>();

    void seen(byte[] bytes) {
      byte[] last = since.isEmpty() ? durable : since.getLast();
      if (last == null || !Arrays.equals(last, bytes)) {
        since.add(bytes);
        if (since.size() > CONTENTS_MAX) {
          since.removeFirst();
        }
      }
    }

    void forced(byte[] bytes) {
      durable = bytes;
      since.clear();
    }

    FileAtCut atCut() {
      return new FileAtCut(durable, List.copyOf(since));
    }
  }

  private final Path directory;
  private final Map<Object, Tracked> byKey = new HashMap<>();
  private Map<String, Tracked> durableNames = new TreeMap<>();
  private Map<String, Tracked> names = new TreeMap<>();
  private final HeapFrames frames;
  private Map<EntryId, HeapFrames.Frames> durableFrames = new HashMap<>();

  /**
   * Watches a directory.
   *
   * @param frames answers that are not in it
   */
  SimulatedDisk(Path directory, HeapFrames frames) {
    this.directory = directory;
    this.frames = frames;
  }

  /** Looks at all files as they are now. */
  synchronized void look() {
    Map<String, Tracked> found = new TreeMap<>();
    for (Path file : list()) {
      try {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        byte[] bytes = Files.readAllBytes(file);
        Tracked tracked = byKey.computeIfAbsent(key, k -> new Tracked());
        tracked.seen(bytes);
        found.put(file.getFileName().toString(), tracked);
      } catch (NoSuchFileException e) {
        // It was renamed or deleted meanwhile.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    names = found;
  }

  private List<Path> list() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.getFileName().toString().equals(LOCK))
          .filter(Files::isRegularFile)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes that a file, or the names in the directory, are on the disk. */
  synchronized void forced(Path path) {
    look();
    if (path.equals(directory)) {
      durableNames = new TreeMap<>(names);
      return;
    }
    Tracked tracked = names.get(path.getFileName().toString());
    if (tracked != null) {
      tracked.forced(tracked.since.isEmpty() ? tracked.durable : tracked.since.getLast());
    }
  }

  /** Notes that all frames are on the disk. */
  synchronized void forcedFrames() {
    durableFrames = new HashMap<>(frames.frames());
  }

  /** {@return what may be left if the power is cut now} */
  synchronized Cut cut() {
    look();
    List<NameAtCut> left = new ArrayList<>();
    Set<String> all = new HashSet<>(names.keySet());
    all.addAll(durableNames.keySet());
    for (String name : all.stream().sorted().toList()) {
      Tracked before = durableNames.get(name);
      Tracked now = names.get(name);
      left.add(
          new NameAtCut(
              name,
              before == null ? null : before.atCut(),
              now == null ? null : now == before ? null : now.atCut(),
              before != now));
    }
    return new Cut(left, Map.copyOf(durableFrames), Map.copyOf(frames.frames()));
  }

  /**
   * A file.
   *
   * @param durable its bytes when it was last forced, or null
   * @param since what it was at moments after that, now at last
   */
  record FileAtCut(byte[] durable, List<byte[]> since) {
    byte[] now() {
      return since.isEmpty() ? durable : since.getLast();
    }
  }

  /**
   * A name.
   *
   * @param before the file that has it on the disk, or null
   * @param now another file that has it in memory, or null
   * @param changed whether the two differ
   */
  record NameAtCut(String name, FileAtCut before, FileAtCut now, boolean changed) {}

  /** All that the disk may hold after a cut. */
  record Cut(
      List<NameAtCut> names,
      Map<EntryId, HeapFrames.Frames> durableFrames,
      Map<EntryId, HeapFrames.Frames> frames) {}
}
