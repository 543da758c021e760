package dev.askonce.bench.crash;

import dev.askonce.bench.data.JavaCommand;
import dev.askonce.engine.internal.kernel.Kernels;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Starts processes of this program's classes, with the flags that the engine needs. Thread-safe.
 *
 * <p>A start is most of what a cycle costs. Classes from an archive (class data sharing) save a
 * quarter of its processor time, 1.3 s instead of 1.7 s; only jars can be archived. No optimising
 * compiler saves 1.3 s more: a process that lives a second has little use for it.
 */
public final class ChildJvm {
  /** The first compiler does not know the instructions of vectors, which then take for ever. */
  private static final List<String> SHORT_LIVED =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-D" + Kernels.PROPERTY + "=scalar",
          "-XX:+UseSerialGC",
          "-Xmx256m",
          "-Xlog:disable");

  private final Path directory;
  private final String classPath;

  /**
   * @param directory an existing one for jars and the archive
   */
  public ChildJvm(Path directory) throws IOException {
    this.directory = directory;
    classPath = jars(directory);
  }

  private static String jars(Path directory) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : JavaCommand.ownClassPath().split(File.pathSeparator)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (Files.isDirectory(path)) {
        Path jar = directory.resolve("classes-" + jars.size() + ".jar");
        makeJar(jar, path);
        jars.add(jar.toString());
      } else if (Files.exists(path)) {
        jars.add(path.toString());
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static void makeJar(Path jar, Path classes) throws IOException {
    ToolProvider tool =
        ToolProvider.findFirst("jar").orElseThrow(() -> new IOException("this JDK has no jar"));
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    int status =
        tool.run(
            nowhere,
            nowhere,
            "--create",
            "--no-compress",
            "--file",
            jar.toString(),
            "-C",
            classes.toString(),
            ".");
    if (status != 0) {
      throw new IOException("cannot put " + classes + " into " + jar);
    }
  }

  private Path archive() {
    return directory.resolve("classes.jsa");
  }

  /** {@return the command that archives, at its orderly end, the classes that it loaded} */
  public List<String> archiving(Class<?> main, List<String> arguments) {
    return shortLived("-XX:ArchiveClassesAtExit=" + archive(), main, arguments);
  }

  /**
   * {@return the command of a process} An archive that is not there or does not fit is not used.
   */
  public List<String> command(Class<?> main, List<String> arguments) {
    return shortLived("-XX:SharedArchiveFile=" + archive(), main, arguments);
  }

  private List<String> shortLived(String archive, Class<?> main, List<String> arguments) {
    List<String> flags = new ArrayList<>(SHORT_LIVED);
    flags.add(archive);
    flags.add("-Daskonce.crashPoints=true");
    return plain(flags, main, arguments);
  }

  /** {@return the command of a process with flags of its own, and no archive} */
  public List<String> plain(List<String> ownFlags, Class<?> main, List<String> arguments) {
    return JavaCommand.of(ownFlags, classPath, main, arguments);
  }
}
