package dev.askonce.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.StoreReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code askonce fsck}: checks a store that no cache has open. */
@Command(
    name = "fsck",
    description = "Checks a store and says what it found; changes nothing.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing is damaged",
      "1:something is damaged",
      "2:there is no store, or a cache has it open, or the command line is wrong"
    })
final class FsckCommand implements Callable<Integer> {
  private static final int DAMAGED = 1;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The store's directory.")
  private Path directory;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() {
    StoreReport report = SemanticCache.check(directory);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(report).toPrettyString());
    } else {
      print(report, out);
    }
    out.flush();
    return report.condition() == StoreReport.Condition.DAMAGED ? DAMAGED : 0;
  }

  private static ObjectNode toJson(StoreReport report) {
    ObjectNode node =
        JsonOutput.MAPPER
            .createObjectNode()
            .put("condition", report.condition().name().toLowerCase(Locale.ROOT))
            .put("entries", report.entries())
            .put("expired", report.expired())
            .put("unfinished", report.unfinished())
            .put("slots", report.slots())
            .put("bytes", report.bytes());
    ArrayNode findings = node.putArray("findings");
    for (StoreReport.Finding finding : report.findings()) {
      ObjectNode row = findings.addObject().put("file", finding.file());
      finding.slot().ifPresent(slot -> row.put("slot", slot));
      finding.entry().map(EntryId::toString).ifPresent(entry -> row.put("entry", entry));
      row.put("problem", finding.problem());
    }
    return node;
  }

  private static void print(StoreReport report, PrintWriter out) {
    report.findings().forEach(out::println);
    out.printf(
        "%s: %,d entries verify (%,d of them expired), %,d unfinished, %,d slots, %,d bytes%n",
        switch (report.condition()) {
          case CLEAN -> "clean";
          case UNCLEAN -> "not closed in order, to be recovered at the next opening";
          case DAMAGED -> "damaged, " + report.findings().size() + " findings";
        },
        report.entries(),
        report.expired(),
        report.unfinished(),
        report.slots(),
        report.bytes());
  }
}
