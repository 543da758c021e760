package dev.askonce.bench.data;

import dev.askonce.engine.SemanticCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How another process of this program's classes is started, on the same JDK. */
public final class JavaCommand {
  private JavaCommand() {}

  /** {@return the class path of this process} */
  public static String ownClassPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** {@return the command} The flags that the engine needs come before {@code flags}. */
  public static List<String> of(
      List<String> flags, String classPath, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(engineFlags());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    return command;
  }

  private static List<String> engineFlags() {
    try (InputStream in = SemanticCache.class.getResourceAsStream("askonce.jvmargs")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
