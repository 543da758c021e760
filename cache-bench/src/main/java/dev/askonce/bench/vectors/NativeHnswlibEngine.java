package dev.askonce.bench.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

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
  private int queryCount;
  private NativeProgram program;
  private long bytes;

  NativeHnswlibEngine() throws IOException {
    folder = TemporaryFolder.create();
    results = folder.path().resolve("results");
  }

  /** {@return why it cannot be measured here, or empty} */
  static Optional<String> unavailable() {
    if (!Files.exists(HEADER)) {
      return Optional.of("no " + HEADER);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(java.io.File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, COMPILER))) {
        return Optional.empty();
      }
    }
    return Optional.of("no " + COMPILER + " on the path");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Data data) throws Exception {
    queryCount = data.queries().count();
    Path executable = compile();
    base = write("base", data.base());
    queries = write("queries", data.queries());
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

  private Path write(String name, Vectors vectors) throws IOException {
    Path file = folder.path().resolve(name);
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = vectors.memory();
      channel.map(FileChannel.MapMode.READ_WRITE, 0, memory.byteSize(), arena).copyFrom(memory);
    }
    return file;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public Asking asking(Mode mode, float tau, int beam) {
    return new NativeAsking(program, results, queryCount, mode.k, beam);
  }

  @Override
  public void close() {
    if (program != null) {
      program.close();
    }
    folder.close();
  }
}
