package dev.askonce.bench.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.askonce.bench.data.HeapUse;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process takes at one moment. Where there is no {@code /proc}, memory is what the JVM has
 * committed and mapped, and maps are its buffers.
 *
 * @param atPuts puts so far
 * @param residentBytes proportional set size: pages in memory, shared ones in parts
 * @param dirtyBytes private pages that were written
 * @param maps mappings of memory
 * @param descriptors open files
 * @param heapBytes used heap after a collection
 */
public record Sample(
    long atPuts, long residentBytes, long dirtyBytes, long maps, long descriptors, long heapBytes) {
  private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");
  private static final int KIB = 1024;

  /** {@return whether this system tells what a process takes} */
  static boolean hasProc() {
    return Files.isReadable(ROLLUP);
  }

  static Sample take(long puts) throws IOException {
    long heap = HeapUse.bytes();
    return hasProc() ? fromProc(puts, heap) : fromJvm(puts, heap);
  }

  private static Sample fromProc(long puts, long heap) throws IOException {
    List<String> rollup = Files.readAllLines(ROLLUP);
    return new Sample(
        puts,
        field(rollup, "Pss:"),
        field(rollup, "Private_Dirty:"),
        count(Files.lines(Path.of("/proc/self/maps"))),
        count(Files.list(Path.of("/proc/self/fd"))),
        heap);
  }

  private static long count(Stream<?> all) {
    try (all) {
      return all.count();
    }
  }

  private static long field(List<String> rollup, String name) {
    return rollup.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) * KIB)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(ROLLUP + " has no " + name));
  }

  private static Sample fromJvm(long puts, long heap) {
    var memory = ManagementFactory.getMemoryMXBean();
    List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    long committed =
        memory.getHeapMemoryUsage().getCommitted() + memory.getNonHeapMemoryUsage().getCommitted();
    long mapped = buffers.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0;
    return new Sample(
        puts,
        committed + mapped,
        committed,
        buffers.stream().mapToLong(BufferPoolMXBean::getCount).sum(),
        files,
        heap);
  }

  /** {@return the line from which {@link #parse} makes an equal one} */
  String line() {
    return atPuts
        + " "
        + residentBytes
        + " "
        + dirtyBytes
        + " "
        + maps
        + " "
        + descriptors
        + " "
        + heapBytes;
  }

  static Sample parse(String[] words, int from) {
    long[] fields = new long[6];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = Long.parseLong(words[from + i]);
    }
    return new Sample(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
  }
}
