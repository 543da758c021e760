package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  private static final String TRACE =
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:15:46.6805900,374,44
      2023-11-16 18:15:50.9951690,396,109

      2023-11-16 18:20:51,879,55
      """;

  @TempDir Path temp;

  private static JsonNode json(Object... arguments) throws IOException {
    Program program = Program.run(arguments);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  private Path sample(String name, int requests) {
    Path file = temp.resolve(name);
    Program made = Program.run("replay", "--make-log", file, "--requests", requests);
    assertEquals(0, made.status(), made.err());
    assertEquals("", made.out());
    return file;
  }

  private static String call(int second, String text) {
    return """
    {"at":"2025-11-15T12:00:%02dZ","endpoint":"faq","tenant":"acme","request":{"model":"gpt-4o",\
    "messages":[{"role":"user","content":"%s"}]},"response":{"choices":[{"index":0,"message":\
    {"role":"assistant","content":"Yes."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,\
    "completion_tokens":200}}}
    """
        .formatted(second, text);
  }

  @Test
  void log_isReplayedThroughEveryLever() throws IOException {
    Path log = sample("week.jsonl.gz", 150);
    JsonNode report = json("replay", "--log", log, "--json");
    assertEquals(150, report.get("requests").asInt());
    double together = 0;
    Set<String> levers = new TreeSet<>();
    for (var lever : report.get("levers").properties()) {
      levers.add(lever.getKey());
      together += lever.getValue().get("together").asDouble();
      assertTrue(lever.getValue().has("alone"), lever.toString());
    }
    assertTrue(levers.containsAll(Set.of("cache", "route", "cap", "batch")), levers.toString());
    double baseline = report.get("baselineUsd").asDouble();
    double actual = report.get("actualUsd").asDouble();
    assertEquals(baseline - actual, together, 1e-9);
    assertEquals(100 * together / baseline, report.get("savedPct").asDouble(), 1e-9);
    assertTrue(report.at("/levers/batch/together").asDouble() > 0, report.toString());
    assertTrue(report.at("/levers/route/together").asDouble() > 0);
    assertEquals(5, report.get("topDrivers").size());
    assertEquals("faq", report.at("/topDrivers/0/endpoint").asText());
    assertTrue(report.get("sensitivity").size() > 40);
    assertFalse(report.get("measured").isEmpty());
    assertFalse(report.get("assumed").isEmpty());
  }

  @Test
  void answers_liveForAnHourOfTheLog() throws IOException {
    String log =
        call(0, "May I return it?")
            + call(1, "May I return it?")
            + call(2, "May I return it?").replace("12:00:02", "12:59:59")
            + call(3, "May I return it?").replace("12:00:03", "13:30:00");
    JsonNode report = json("replay", "--log", file("hour.jsonl", log), "--json");
    assertEquals(2, report.at("/cache/exactHits").asInt(), report.toString());
    assertEquals(2, report.at("/cache/hits").asInt());
    // What providers published: $2.50 and $10.
    assertEquals(4 * 0.0045, report.get("baselineUsd").asDouble(), 1e-9);
  }

  @Test
  void claimsThatNobodyCanBelieve_areNotBelieved() throws IOException {
    String log =
        call(0, "May I return it?").replace("1000,", "9000000000000000000,")
            + call(1, "When?").replace("2025-11", "+999999999-11")
            + call(2, "Why?")
                .replace("\"request\"", "\"latencyMillis\":-7,\"status\":-3,\"request\"");
    Path file = file("claims.jsonl", log);
    JsonNode report = json("replay", "--log", file, "--json");
    assertEquals("[2]", report.at("/skipped/malformedLines").toString());
    assertEquals(2, report.get("requests").asInt());
    // A handful of tokens, counted by us, in place of nine times ten to the 18th.
    assertTrue(report.get("baselineUsd").asDouble() < 0.001, report.toString());
    assertEquals(1, json("replay", "--audit", "--log", file, "--json").get("malformed").asInt());
  }

  @Test
  void linesThatAreNoCalls_arePassedOver() throws IOException {
    String passed =
        "{\"at\":\"2025-11-15T12:00:00Z\",\"api\":\"embeddings\",\"request\":{},\"response\":{}}\n";
    String log = "nonsense\n" + call(0, "May I return it?") + "\n{\"at\": 1}\n[]\n" + passed;
    JsonNode report = json("replay", "--log", file("broken.jsonl", log), "--json");
    assertEquals(1, report.get("requests").asInt());
    assertEquals(3, report.at("/skipped/malformed").asInt());
    assertEquals("[1,4,5]", report.at("/skipped/malformedLines").toString());
    assertEquals(1, report.at("/skipped/passedThrough").asInt());
    JsonNode audit = json("replay", "--audit", "--log", temp.resolve("broken.jsonl"), "--json");
    assertEquals(3, audit.get("malformed").asInt());
  }

  @Test
  void sampleLog_isTheSameForTheSameSeed() throws IOException {
    assertEquals(-1, Files.mismatch(sample("a.jsonl", 40), sample("b.jsonl", 40)));
    Path other = temp.resolve("c.jsonl");
    Program.run("replay", "--make-log", other, "--requests", 40, "--seed", 2);
    assertTrue(Files.mismatch(temp.resolve("a.jsonl"), other) >= 0);
    Program.assertRefused("is there already", "replay", "--make-log", other);
  }

  @Test
  void audit_findsTheHabitsOfTheSampleLog() throws IOException {
    JsonNode report = json("replay", "--audit", "--log", sample("habits.jsonl", 600), "--json");
    Set<String> kinds = new TreeSet<>();
    for (JsonNode finding : report.get("findings")) {
      kinds.add(finding.get("kind").asText());
      for (String field : new String[] {"endpoint", "calls", "usdPerDay", "evidence", "fix"}) {
        assertTrue(finding.hasNonNull(field), finding.toString());
      }
    }
    assertEquals(
        Set.of(
            "highVolumePrompt",
            "longSystemPrompt",
            "expensiveModel",
            "extractionWithoutJson",
            "noOutputLimit",
            "repeatedInstruction",
            "volatileBeforeStable"),
        kinds);
    assertTrue(report.toString().contains("You are the support assistant"), report.toString());
    Program hidden =
        Program.run("replay", "--audit", "--log", temp.resolve("habits.jsonl"), "--hide-texts");
    assertFalse(hidden.out().contains("You are"), hidden.out());
    assertTrue(hidden.out().contains("longSystemPrompt at faq"), hidden.out());
  }

  @Test
  void article_isReplayedAndItsArithmeticChecked() throws IOException {
    JsonNode report = json("replay", "--synthetic", "article", "--requests", 80, "--json");
    assertEquals(80, report.get("requests").asInt());
    // About $0.0175 a call; how long the answers are is drawn.
    assertEquals(80 * 0.0175, report.get("baselineUsd").asDouble(), 0.2);
    assertEquals("$875", report.at("/arithmetic/0/computed").asText());
    assertEquals("$319,375", report.at("/arithmetic/1/computed").asText());
    assertEquals(0, report.at("/cache/otherAnswers").asInt());
    assertEquals(report.get("savedPct"), report.at("/mixes/3/savedPct"));
    assertTrue(
        report.at("/mixes/0/savedPct").asDouble() < report.get("savedPct").asDouble(),
        report.toString());
    double other = report.at("/atProviderPrices/baselineUsd").asDouble();
    assertTrue(other < report.get("baselineUsd").asDouble());
  }

  @Test
  void trace_givesTimesAndLengths() throws IOException {
    Path packed = temp.resolve("trace.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(TRACE.getBytes(StandardCharsets.UTF_8));
    }
    JsonNode report = json("replay", "--synthetic", "azure", "--trace", packed, "--json");
    assertEquals(3, report.get("requests").asInt());
    double tokens = (374 + 396 + 879) * 5e-6 + (44 + 109 + 55) * 15e-6;
    assertEquals(tokens, report.get("baselineUsd").asDouble(), 1e-9);
    assertEquals(304.3194 / 86_400, report.get("days").asDouble(), 1e-6);
    assertTrue(report.get("arithmetic").isEmpty());
  }

  @Test
  void text_isReadable() throws IOException {
    Program program = Program.run("replay", "--synthetic", "article", "--requests", 20);
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("saved"), program.out());
    assertTrue(program.out().contains("about $600 in the article, $875"), program.out());
  }

  @Test
  void wrongUsage_isRefusedInOneLine() throws IOException {
    Path log = file("log.jsonl", call(0, "May I?"));
    Program.assertRefused("--log", "replay");
    Program.assertRefused("no file", "replay", "--log", temp.resolve("missing"));
    Program.assertRefused("is empty", "replay", "--log", file("empty", ""));
    Program.assertRefused("holds no call", "replay", "--log", file("bad", "{}\n{}\n"));
    Program.assertRefused("holds no call", "replay", "--audit", "--log", temp.resolve("bad"));
    Program.assertRefused("not compressed", "replay", "--log", file("plain.gz", "{}"));
    Program.assertRefused("needs --trace", "replay", "--synthetic", "azure");
    Program.assertRefused("is for", "replay", "--log", log, "--trace", log);
    Program.assertRefused("needs --log", "replay", "--audit", "--synthetic", "article");
    Program.assertRefused("is for --audit", "replay", "--log", log, "--hide-texts");
    Program.assertRefused("is for", "replay", "--log", log, "--requests", 5);
    Program.assertRefused("not from 2", "replay", "--synthetic", "article", "--requests", 1);
    Program.assertRefused("sun", "replay", "--synthetic", "sun");
    Program.assertRefused("no file", "replay", "--log", log, "--prices", temp.resolve("none"));
    Program.assertRefused("no table", "replay", "--log", log, "--prices", file("p.json", "{}"));
    Program.assertRefused("no table", "replay", "--log", log, "--prices", file("q.json", "]"));
    Path trace = file("trace.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,2\n");
    Program.assertRefused("line 2", "replay", "--synthetic", "azure", "--trace", trace);
    Path none = file("none.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n");
    Program.assertRefused("no calls", "replay", "--synthetic", "azure", "--trace", none);
  }
}
