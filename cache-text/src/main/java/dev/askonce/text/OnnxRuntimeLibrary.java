package dev.askonce.text;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The native half of ONNX Runtime, started without leaving files behind. */
final class OnnxRuntimeLibrary {
  /* ONNX Runtime unpacks 20 MB into a temporary directory and removes the files when the JVM ends
   * in good order, the directory never; a killed JVM leaves all of it. Unix keeps a loaded file
   * alive without its name, so we unpack the libraries ourselves, point ONNX Runtime at them, and
   * delete them as soon as they are loaded. Where this is not possible (Windows, an unknown
   * platform, a path that the operator has set), ONNX Runtime's own way is taken.
   */
  private static final String PATH_PROPERTY = "onnxruntime.native.path";
  private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

  private static OrtEnvironment started;

  private OnnxRuntimeLibrary() {}

  /**
   * {@return the environment that all sessions of this process share; it is never closed}
   *
   * @throws ModelException if the native library cannot be loaded
   */
  static synchronized OrtEnvironment environment() {
    if (started == null) {
      started = start();
    }
    return started;
  }

  /**
   * {@return a model ready to run, each run in the thread that asks for it alone}
   *
   * @throws ModelException if ONNX Runtime cannot load it
   */
  static OrtSession session(byte[] model) {
    return session(model, 1);
  }

  /**
   * {@return a model ready to run, each run in the thread that asks for it and in others that all
   * runs share} The others spin while a run lasts, since a layer's products are microseconds apart,
   * and sleep between runs.
   *
   * @param threads of one run, with the one that asks
   * @throws ModelException if ONNX Runtime cannot load it
   */
  static OrtSession session(byte[] model, int threads) {
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", threads > 1 ? "1" : "0");
      options.addConfigEntry("session.force_spinning_stop", "1");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      return environment.createSession(model, options);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime cannot load the model", e);
    }
  }

  static void free(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime cannot free the model", e);
    }
  }

  /** {@return how the names of this process's directories begin} */
  static String directoryPrefix() {
    return "askonce-onnxruntime-" + ProcessHandle.current().pid() + "-";
  }

  private static OrtEnvironment start() {
    Optional<String> platform = platform();
    try {
      return platform.isEmpty() || System.getProperty(PATH_PROPERTY) != null
          ? OrtEnvironment.getEnvironment()
          : startUnpacked("/ai/onnxruntime/native/" + platform.get() + "/");
    } catch (IOException | LinkageError | IllegalStateException e) {
      throw new ModelException(
          "ONNX Runtime's native library cannot be loaded by way of "
              + System.getProperty("java.io.tmpdir")
              + "; set java.io.tmpdir to a directory that may hold programs",
          e);
    }
  }

  private static OrtEnvironment startUnpacked(String resources) throws IOException {
    Path directory = Files.createTempDirectory(directoryPrefix());
    try {
      for (String library : LIBRARIES) {
        String file = System.mapLibraryName(library);
        try (InputStream in = OrtEnvironment.class.getResourceAsStream(resources + file)) {
          if (in == null) {
            return OrtEnvironment.getEnvironment();
          }
          Files.copy(in, directory.resolve(file));
        }
      }
      System.setProperty(PATH_PROPERTY, directory.toString());
      return OrtEnvironment.getEnvironment();
    } finally {
      System.clearProperty(PATH_PROPERTY);
      for (String library : LIBRARIES) {
        Files.deleteIfExists(directory.resolve(System.mapLibraryName(library)));
      }
      Files.deleteIfExists(directory);
    }
  }

  /** {@return the platform as ONNX Runtime names its resources, if it is a Unix} */
  private static Optional<String> platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String os = system.contains("mac") ? "osx" : system.contains("linux") ? "linux" : "";
    String machine = System.getProperty("os.arch");
    String arch =
        machine.equals("amd64") || machine.equals("x86_64")
            ? "x64"
            : machine.equals("aarch64") ? "aarch64" : "";
    return os.isEmpty() || arch.isEmpty() ? Optional.empty() : Optional.of(os + "-" + arch);
  }
}
