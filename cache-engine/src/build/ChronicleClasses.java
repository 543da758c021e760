import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import net.openhft.chronicle.values.Values;
import net.openhft.compiler.CompilerUtils;

/**
 * Run by the build: writes the classes that Chronicle Map would write and compile itself, in each
 * process, when the first map is opened, which takes 0.8 s on a machine with nothing else to do. It
 * looks for them on the class path first.
 */
final class ChronicleClasses {
  /** The interface of a map's header, of which it wants an implementation over mapped bytes. */
  private static final String HEADER = "net.openhft.chronicle.hash.VanillaGlobalMutableState";

  private ChronicleClasses() {}

  /** Arguments: where classes go, and a file that says that they did. */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    Map<String, byte[]> compiled = new TreeMap<>();
    Class<?> header = Values.nativeClassFor(Class.forName(HEADER));
    CompilerUtils.CACHED_COMPILER.updateFileManagerForClassLoader(
        header.getClassLoader(), files -> compiled.putAll(files.getAllBuffers()));
    String name = header.getName();
    if (!compiled.containsKey(name)) {
      throw new IllegalStateException(name + " was not compiled: " + compiled.keySet());
    }
    for (Map.Entry<String, byte[]> made : compiled.entrySet()) {
      Path file = Path.of(args[0], made.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, made.getValue());
    }
    Files.write(Path.of(args[1]), compiled.keySet());
  }
}
