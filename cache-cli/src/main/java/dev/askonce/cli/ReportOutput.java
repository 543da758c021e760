package dev.askonce.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --json} of a command that prints one report, and what it decides. */
final class ReportOutput {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  /** Prints a report as JSON or, by {@code text}, for a person. */
  <R> void print(R report, BiConsumer<R, PrintWriter> text) throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonOutput.MAPPER.writeValueAsString(report));
    } else {
      text.accept(report, out);
    }
    out.flush();
  }
}
