package dev.askonce.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.askonce.bench.data.EmbeddedLines;
import dev.askonce.bench.data.Progress;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.text.BgeSmallEmbedder;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce bench embed}: vectors from texts. */
@Command(
    name = "embed",
    description =
        "Embeds a file of texts, one a line, blank lines left out. Writes a vector of "
            + "length 1 for each, in their order: little-endian 32-bit floats and nothing "
            + "else, as the other benchmarks read them.",
    mixinStandardHelpOptions = true)
final class BenchEmbedCommand implements Callable<Integer> {
  private static final Map<String, Supplier<Embedder>> MODELS =
      Map.of("minilm", MiniLmEmbedder::open, "bge-small", BgeSmallEmbedder::open);

  @Spec private CommandSpec spec;

  @Option(names = "--text", required = true, paramLabel = "F", description = "The texts, UTF-8.")
  private Path text;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "G",
      description = "The file to write; one that is there is replaced when all is done.")
  private Path out;

  @Option(
      names = "--models",
      paramLabel = "M",
      split = ",",
      defaultValue = "minilm",
      description =
          "minilm or bge-small, of 384 dimensions each. Several, with commas: their "
              + "vectors one behind another, the whole of length 1. Default: "
              + "${DEFAULT-VALUE}.")
  private List<String> models;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws IOException, TimeoutException {
    for (String model : models) {
      if (!MODELS.containsKey(model)) {
        throw new ParameterException(
            spec.commandLine(), "--models " + model + " is not minilm or bge-small");
      }
    }
    if (Set.copyOf(models).size() < models.size()) {
      throw new ParameterException(spec.commandLine(), "--models names one twice");
    }
    List<Embedder> embedders = new ArrayList<>();
    try {
      models.forEach(model -> embedders.add(MODELS.get(model).get()));
      Progress progress = new Progress(spec.commandLine().getErr()::println);
      print(EmbeddedLines.write(text, embedders, out, progress));
      return 0;
    } finally {
      embedders.forEach(Embedder::close);
    }
  }

  private void print(EmbeddedLines.Report report) throws JsonProcessingException {
    PrintWriter to = spec.commandLine().getOut();
    if (json) {
      to.println(JsonOutput.MAPPER.writeValueAsString(report));
    } else {
      to.printf(
          "%,d rows of %d floats, %,.0f rows/s; %,d not read to the end, %,d blank lines left"
              + " out%n",
          report.rows(),
          report.dimension(),
          report.rowsPerSecond(),
          report.truncated(),
          report.blankLines());
      report.fingerprints().forEach(to::println);
    }
    to.flush();
  }
}
