package dev.askonce.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.task.TaskClassifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Compares what the classifier says of prompts with what they are labelled. */
public final class TaskEvaluation {
  static final Set<Task> LIMITED = Set.of(Task.CLASSIFICATION, Task.EXTRACTION, Task.FACTUAL);

  /** The label of prompts that have none. */
  private static final String UNLABELLED = "unlabelled";

  private record Prompt(String label, String system, String user) {}

  private TaskEvaluation() {}

  /**
   * {@return the report on lines {@code {task, system, user}}} {@code text} may stand for {@code
   * user}; all but that may be missing.
   */
  public static TaskReport ofLines(Path file) throws IOException {
    List<Prompt> prompts = new ArrayList<>();
    JsonLines.read(
        file,
        (line, where) -> {
          JsonNode system = line.path("system");
          prompts.add(
              new Prompt(
                  line.hasNonNull("task") ? label(line.get("task").asText(), where) : UNLABELLED,
                  system.asText(""),
                  JsonLines.text(line, line.has("user") ? "user" : "text", where)));
        });
    return of(prompts);
  }

  /** {@return the report on answers of which a file says the task: lines of row, tab, task} */
  static TaskReport ofRows(Path labels, List<AnswerPair> pairs) throws IOException {
    InputException.require(Files.isRegularFile(labels), "there is no file " + labels);
    List<Prompt> prompts = new ArrayList<>();
    try (BufferedReader lines = JsonLines.open(labels)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String where = labels + ", line " + ++number;
        String[] fields = line.split("\t");
        InputException.require(
            fields.length == 2 && fields[0].matches("\\d{1,9}"), where + ": not row, tab, task");
        int row = Integer.parseInt(fields[0]);
        InputException.require(row < pairs.size(), where + ": there is no answer " + row);
        prompts.add(new Prompt(label(fields[1], where), "", pairs.get(row).instruction()));
      }
    }
    InputException.require(!prompts.isEmpty(), labels + " holds no lines");
    return of(prompts);
  }

  private static String label(String task, String where) {
    InputException.require(Task.of(task).isPresent(), where + ": no task \"" + task + "\"");
    return task;
  }

  private static TaskReport of(List<Prompt> prompts) {
    TaskClassifier classifier = new TaskClassifier();
    Map<String, Map<String, Integer>> table = new TreeMap<>();
    Histogram nanos = new Histogram(3);
    int right = 0;
    int[] labelled = new int[2];
    int[] limited = new int[2];
    // Once without a clock, so that the code is compiled.
    prompts.forEach(prompt -> classifier.classify(prompt.system(), prompt.user()));
    for (Prompt prompt : prompts) {
      long start = System.nanoTime();
      Task seen = classifier.classify(prompt.system(), prompt.user()).task();
      nanos.recordValue(System.nanoTime() - start);
      table
          .computeIfAbsent(prompt.label(), unused -> new TreeMap<>())
          .merge(seen.label(), 1, Integer::sum);
      right += prompt.label().equals(seen.label()) ? 1 : 0;
      int group = Task.of(prompt.label()).filter(LIMITED::contains).isPresent() ? 0 : 1;
      labelled[group]++;
      limited[group] += LIMITED.contains(seen) ? 1 : 0;
    }
    return new TaskReport(
        prompts.size(),
        share(right, prompts.size()),
        share(limited[0], labelled[0]),
        share(limited[1], labelled[1]),
        table,
        new TaskReport.Micros(
            nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(99) / 1e3));
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : part / (double) whole;
  }
}
