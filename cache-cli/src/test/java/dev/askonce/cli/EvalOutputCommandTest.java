package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalOutputCommandTest {
  private static final String[] INSTRUCTIONS = {
    "What is the capital of Chad?", "Who wrote Faust?", "Write a poem about rain."
  };

  @TempDir Path temp;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  /** {@return answers of so many words to each instruction, each beginning with a name} */
  private static String answers(int... words) {
    ArrayNode array = JsonOutput.MAPPER.createArrayNode();
    for (int i = 0; i < words.length; i++) {
      ObjectNode answer = array.addObject().put("instruction", INSTRUCTIONS[i]);
      answer.put("output", "so" + " yes".repeat(words[i] - 1) + " Goethe");
    }
    return array.toString();
  }

  private static JsonNode json(Object... arguments) throws IOException {
    Program program = Program.run(arguments);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  private JsonNode evaluate(Object... more) throws IOException {
    Path free = temp.resolve("free.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(free))) {
      out.write(answers(398, 798, 600).getBytes(StandardCharsets.UTF_8));
    }
    Path concise = file("concise.json", answers(198, 398, 300));
    Object[] first = {
      "eval", "output", "--free", free, "--concise", concise, "--json", "--calls", 2_000
    };
    Object[] arguments = new Object[first.length + more.length];
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return json(arguments);
  }

  @Test
  void answers_areComparedByTask() throws IOException {
    JsonNode report = evaluate();
    assertEquals(3, report.get("answers").asInt());
    assertEquals(2, report.at("/limited/n").asInt());
    assertEquals(2, report.at("/tasks/factual/n").asInt());
    assertEquals(1, report.at("/tasks/creative/n").asInt());
    double free = report.at("/limited/free/mean").asDouble();
    double concise = report.at("/limited/concise/mean").asDouble();
    assertEquals(600, free, 5);
    assertEquals(1 - concise / free, report.at("/limited/savedShare").asDouble(), 1e-9);
    assertEquals(1, report.at("/limited/shorterShare").asDouble());
    assertEquals(0.5, report.at("/limited/truncated/500/free").asDouble());
    assertEquals(0, report.at("/limited/truncated/500/concise").asDouble());
    assertEquals(1, report.at("/limited/termsKept").asDouble(), "the name is in both");
    assertEquals(0, report.at("/limited/termsKeptByCut").asDouble(), "the name comes last");
  }

  @Test
  void lever_isRunOverTheAnswers() throws IOException {
    JsonNode lever = evaluate().get("lever");
    double saved = lever.at("/concise/savedShare").asDouble();
    assertEquals(0.5, saved, 0.02, "2% are left alone");
    assertEquals(saved, lever.at("/concise/claimedShare").asDouble(), 0.2);
    assertEquals(0, lever.at("/concise/truncatedShare").asDouble());
    assertTrue(lever.at("/limits/savedShare").asDouble() <= 0, "a limit alone saves nothing");
    assertTrue(lever.at("/limits/truncatedShare").asDouble() > 0);
    JsonNode http = lever.get("overHttp");
    assertEquals(2, http.get("calls").asInt());
    assertEquals(0.5, http.get("savedShare").asDouble(), 0.01);
  }

  @Test
  void labels_giveTheConfusionOfTheClassifier() throws IOException {
    JsonNode classified =
        evaluate("--labels", file("labels", "0\tfactual\n2\tanalysis\n")).get("classified");
    assertEquals(2, classified.get("n").asInt());
    assertEquals(0.5, classified.get("rightShare").asDouble());
    assertEquals(1, classified.at("/table/analysis/creative").asInt());
  }

  @Test
  void labelledPrompts_areClassified() throws IOException {
    Path prompts =
        file(
            "prompts",
            """
            {"task": "factual", "user": "Who wrote Faust?"}
            {"task": "creative", "user": "How high is the Brocken?"}
            {"task": "classification", "system": "Classify the ticket.", "user": "No light."}
            {"text": "hello"}
            """);
    JsonNode report = json("eval", "output", "--labelled", prompts, "--json");
    assertEquals(4, report.get("n").asInt());
    assertEquals(0.5, report.get("rightShare").asDouble());
    assertEquals(1, report.get("limitedShare").asDouble());
    assertEquals(0.5, report.get("wronglyLimitedShare").asDouble());
    assertEquals(1, report.at("/table/unlabelled/other").asInt());
    assertTrue(report.at("/micros/p50").asDouble() > 0);
  }

  @Test
  void text_isReadable() throws IOException {
    Path free = file("f", answers(20, 30));
    Program program =
        Program.run("eval", "output", "--free", free, "--concise", free, "--calls", 1);
    assertTrue(program.out().contains("fewer output tokens"), program.out() + program.err());
  }

  @Test
  void wrongInput_isRefusedInOneLine() throws IOException {
    Path good = file("good", answers(3, 4));
    Program.assertRefused("Missing", "eval", "output");
    Program.assertRefused("--concise", "eval", "output", "--free", good);
    Program.assertRefused(
        "--calls", "eval", "output", "--free", good, "--concise", good, "--calls", 0);
    Path missing = temp.resolve("missing");
    Program.assertRefused("no file", "eval", "output", "--free", missing, "--concise", good);
    for (String bad :
        new String[] {"", "[]", "{}", "[{\"instruction\":\"x\"}]", "[1", answers(3)}) {
      Path file = file("bad", bad);
      Program.assertRefused("", "eval", "output", "--free", file, "--concise", good);
      Program.assertRefused("", "eval", "output", "--free", good, "--concise", file);
    }
    Path other = file("other", answers(3, 4).replace("Faust", "Egmont"));
    Program.assertRefused("another", "eval", "output", "--free", good, "--concise", other);
    for (String bad : new String[] {"", "7\tfactual", "0\tfact", "0 factual", "x\tfactual"}) {
      Path labels = file("labels", bad);
      Program.assertRefused(
          "", "eval", "output", "--free", good, "--concise", good, "--labels", labels);
    }
    Path unknown = file("unknown", "{\"task\": \"sums\", \"user\": \"x\"}");
    Program.assertRefused("sums", "eval", "output", "--labelled", unknown);
    Program.assertRefused("text", "eval", "output", "--labelled", file("empty", "{}"));
  }
}
