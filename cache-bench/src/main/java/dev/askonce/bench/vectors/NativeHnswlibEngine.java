package dev.askonce.bench.vectors;

import dev.askonce.bench.data.VectorWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * nmslib/hnswlib in a process of its own, compiled here and now for this machine, where its header
 * and a compiler are installed.
 */
final class NativeHnswlibEngine implements Engine {
  static final String NAME = "hnswlib-cpp";

  private static final Path HEADER = Path.of("/usr/include/hnswlib/hnswlib.h");
  private static final String COMPILER = "g++";
  private static final String SOURCE = "hnswlib.cpp";

  private final TemporaryFolder folder;
  private final Path results;
  private Path base;
  private Path queries;
  private Data data;
  private NativeProgram program;
  private long bytes;

  NativeHnswlibEngine() throws IOException {
    folder = TemporaryFolder.create();
    results = folder.path().resolve("results");
  }

  /**
   * @throws IOException if it cannot be measured here
   */
  private static void requireAvailable() throws IOException {
    if (!Files.exists(HEADER)) {
      throw new IOException("no " + HEADER);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(java.io.File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, COMPILER))) {
        return;
      }
    }
    throw new IOException("no " + COMPILER + " on the path");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Data data) throws Exception {
    this.data = data;
    requireAvailable();
    Path executable = compile();
    base = write("base", data.base().count(), data.base()::row);
    queries = write("queries", data.queries().length, i -> data.queries()[i]);
    program =
        new NativeProgram(
            List.of(
                executable.toString(),
                base.toString(),
                queries.toString(),
                String.valueOf(data.base().dimension()),
                String.valueOf(LINKS),
                String.valueOf(BUILD_BEAM)));
  }

  @Override
  public void build(BuildPace pace) throws Exception {
    String[] built = program.ask("build " + pace.threads() + " " + pace.secondsMax());
    if (built[0].equals("slow")) {
      throw new BuildPace.TooSlow("%s entries took %s s".formatted(built[1], built[2]));
    }
    bytes = Long.parseLong(built[2]);
    Files.delete(base);
    Files.delete(queries);
  }

  private Path compile() throws IOException, InterruptedException {
    Path source = folder.path().resolve(SOURCE);
    Path executable = folder.path().resolve("hnswlib");
    try (InputStream text = NativeHnswlibEngine.class.getResourceAsStream(SOURCE)) {
      Files.copy(text, source);
    }
    Process compiler =
        new ProcessBuilder(
                COMPILER,
                "-O3",
                "-march=native",
                "-std=c++17",
                "-pthread",
                "-o",
                executable.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(compiler.getInputStream().readAllBytes());
    if (compiler.waitFor() != 0) {
      throw new IOException(COMPILER + ": " + said.lines().limit(3).toList());
    }
    return executable;
  }

  private Path write(String name, int count, IntFunction<float[]> row) throws IOException {
    Path file = folder.path().resolve(name);
    try (VectorWriter writer = new VectorWriter(file)) {
      for (int i = 0; i < count; i++) {
        writer.write(row.apply(i));
      }
      writer.commit();
    }
    return file;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public Asking asking(Mode mode, float tau, Setting setting) {
    return new NativeAsking(program, results, data, mode.k, setting.beam());
  }

  @Override
  public void close() {
    if (program != null) {
      program.close();
    }
    folder.close();
  }
}
