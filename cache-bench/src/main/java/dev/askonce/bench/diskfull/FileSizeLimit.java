package dev.askonce.bench.diskfull;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * No file may grow beyond a length: what a process can do to itself without a right to mount. The
 * system refuses a longer one as it refuses any on a full disk, with another error.
 */
final class FileSizeLimit implements Room {
  /** On Linux and macOS. */
  private static final int RLIMIT_FSIZE = 1;

  /** Longer than an oracle's log of one cycle, and shorter than a file of answers. */
  private static final long BYTES = 1 << 20;

  private static final MethodHandle GET = handle("getrlimit");
  private static final MethodHandle SET = handle("setrlimit");

  private static MethodHandle handle(String name) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  @Override
  public void fill() throws IOException {
    set(BYTES);
  }

  @Override
  public void free() throws IOException {
    set(-1);
  }

  /** Sets the soft limit; at most the hard one, which stays. */
  private static void set(long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int status = (int) GET.invokeExact(RLIMIT_FSIZE, limit);
      long hard = limit.getAtIndex(ValueLayout.JAVA_LONG, 1);
      limit.setAtIndex(
          ValueLayout.JAVA_LONG, 0, Long.compareUnsigned(bytes, hard) < 0 ? bytes : hard);
      if (status != 0 || (int) SET.invokeExact(RLIMIT_FSIZE, limit) != 0) {
        throw new IOException("the limit of the length of files cannot be set");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("the limit of the length of files cannot be set", e);
    }
  }
}
