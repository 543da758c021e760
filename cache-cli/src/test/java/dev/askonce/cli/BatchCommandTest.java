package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.openai.standin.BatchFault;
import dev.askonce.openai.standin.StandInServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program against the stand-in; each execution is a process's worth of forgetting. */
class BatchCommandTest {
  @TempDir Path temp;

  private final StandInServer server =
      StandInServer.start(request -> "re " + request.messages().get(0).path("content").asText());

  @AfterEach
  void stop() {
    server.close();
  }

  private Path input(String... lines) throws IOException {
    return Files.write(temp.resolve("in.jsonl"), List.of(lines));
  }

  private static String line(String text) {
    return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
  }

  private Program submit(Path in, Path directory, Object... more) {
    return run(
        "submit",
        directory,
        Stream.concat(Stream.of("--in", in, "--base-url", server.baseUrl()), Stream.of(more))
            .toArray());
  }

  private static Program run(String command, Path directory, Object... more) {
    Object[] args = new Object[more.length + 7];
    Object[] head = {"batch", command, "--dir", directory, "--poll-max", "0.01", "--json"};
    System.arraycopy(head, 0, args, 0, head.length);
    System.arraycopy(more, 0, args, head.length, more.length);
    return Program.run(args);
  }

  private static JsonNode json(Program program) throws JsonProcessingException {
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  @Test
  void roundTrip_withExpiryAndFailures_answersAllInOrderAndPaysOnce() throws IOException {
    Path in =
        input(
            line("a"),
            "{\"at\":\"2025-11-01T00:00:00Z\",\"api\":\"embeddings\",\"request\":{\"input\":\"x\"}}",
            "{\"custom_id\":\"mine\",\"method\":\"POST\",\"body\":" + line("b") + "}",
            "{\"at\":\"2025-11-01T00:00:00Z\",\"request\":" + line("c") + "}",
            line("a"),
            line("d"));
    Path job = temp.resolve("job");
    server.failNextBatches(BatchFault.EXPIRED, BatchFault.LINE_ERRORS);
    JsonNode submitted = json(submit(in, job));
    assertEquals("running", submitted.get("state").asText());
    assertEquals(5, submitted.get("requests").asInt());
    assertEquals(1, submitted.get("duplicates").asInt());
    assertEquals(4, submitted.get("planned").asInt());
    assertTrue(submitted.get("plannedUsd").asDouble() < submitted.get("batchUsd").asDouble());
    JsonNode again = json(submit(in, job));
    assertEquals(submitted.get("job"), again.get("job"));
    assertEquals(1, server.batchCount());

    Path out = temp.resolve("out.jsonl");
    assertEquals(0, json(run("fetch", job, "--out", out)).get("written").asInt());
    JsonNode fetched = json(run("fetch", job, "--out", out, "--wait"));
    assertEquals("done", fetched.get("state").asText());
    assertEquals(5, fetched.get("answered").asInt());
    assertEquals(3, fetched.get("parts").size());
    assertEquals(4, server.batchAnswers());
    assertEquals(
        fetched.get("standardUsd").asDouble() - fetched.get("paidUsd").asDouble(),
        fetched.get("savedUsd").asDouble(),
        1e-12);
    List<String> lines = Files.readAllLines(out);
    List<String> ids = List.of("line-1", "mine", "line-4", "line-5", "line-6");
    List<String> contents = List.of("re a", "re b", "re c", "re a", "re d");
    for (int i = 0; i < lines.size(); i++) {
      JsonNode result = JsonOutput.MAPPER.readTree(lines.get(i));
      assertEquals(ids.get(i), result.get("custom_id").asText());
      assertEquals(contents.get(i), result.at("/response/body/choices/0/message/content").asText());
      assertEquals(i == 3 ? "duplicate" : "batch", result.get("source").asText());
    }
    assertEquals(5, lines.size());
  }

  @Test
  void answers_goToTheCacheAndAreNotAskedAgain() throws IOException {
    Path cache = temp.resolve("cache");
    Path in = input(line("What is the refund policy?"), line("How long is the warranty?"));
    Path first = temp.resolve("first");
    json(submit(in, first, "--cache", cache));
    json(run("status", first, "--wait"));
    assertEquals(2, server.batchAnswers());
    Path more = input(line("What is the refund policy?"), line("Who pays for the return?"));
    Path second = temp.resolve("second");
    JsonNode submitted = json(submit(more, second, "--cache", cache));
    assertEquals(1, submitted.get("cached").asInt());
    assertTrue(submitted.get("cacheSavedUsd").asDouble() > 0);
    assertEquals(2, json(run("status", second, "--wait")).get("answered").asInt());
    assertEquals(3, server.batchAnswers());
  }

  @Test
  void dryRun_sendsNothing_andTheSameCommandWithoutItGoesOn() throws IOException {
    Path in = input(line("a"));
    Path job = temp.resolve("job");
    assertEquals("planned", json(submit(in, job, "--dry-run")).get("state").asText());
    assertEquals(0, server.otherCalls());
    assertEquals("running", json(submit(in, job)).get("state").asText());
    assertEquals(1, server.batchCount());
  }

  @Test
  void cancel_stopsAndKeepsWhatIsThere() throws IOException {
    Path job = temp.resolve("job");
    json(submit(input(line("a"), line("b")), job));
    assertEquals("running", json(run("cancel", job)).get("state").asText());
    JsonNode status = json(run("status", job, "--wait"));
    assertEquals("cancelled", status.get("state").asText());
    assertEquals(1, status.get("answered").asInt());
    assertEquals(1, status.get("failed").asInt());
  }

  @Test
  void compressedInput_isRead() throws IOException {
    Path in = temp.resolve("in.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(in))) {
      out.write((line("a") + "\n" + line("b")).getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(2, json(submit(in, temp.resolve("job"))).get("requests").asInt());
  }

  @Test
  void textOutput_saysWhatIsSaved() throws IOException {
    Path in = input(line("a"), line("a"));
    Program program =
        Program.run(
            "batch",
            "submit",
            "--in",
            in,
            "--dir",
            temp.resolve("job"),
            "--base-url",
            server.baseUrl());
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("2 requests: 1 equal to another"), program.out());
    assertTrue(program.out().contains("estimated cost, in a batch"), program.out());
  }

  @Test
  void wrongUsageAndInput_areOneLineAndStatus2() throws IOException {
    Path job = temp.resolve("job");
    Path in = input(line("a"));
    String url = server.baseUrl();
    Program.assertRefused("Missing a command", "batch");
    Program.assertRefused("--in", "batch", "submit", "--dir", job);
    Program.assertRefused("OPENAI_API_KEY", "batch", "submit", "--in", in, "--dir", job);
    Program.assertRefused(
        "no file", "batch", "submit", "--in", temp.resolve("x"), "--dir", job, "--base-url", url);
    Program.assertRefused("no batch job", "batch", "status", "--dir", job);
    Program.assertRefused("no batch job", "batch", "cancel", "--dir", job);
    Program.assertRefused("need --cache", "batch", "submit", "--in", in, "--dir", job, "--wave", 2);
    assertFalse(Files.exists(job));
    for (String[] bad :
        new String[][] {
          {"{", "line 1"},
          {"[]", "line 1"},
          {"{\"text\":\"a\"}", "no model or no messages"},
          {line("a").replace("{\"model\"", "{\"stream\":true,\"model\""), "stream"},
          {"{\"custom_id\":\"line-2\",\"body\":" + line("b") + "}\n" + line("c"), "twice"},
          {"", "no requests"}
        }) {
      Program.assertRefused(
          bad[1], "batch", "submit", "--in", input(bad[0]), "--dir", job, "--base-url", url);
    }
    json(submit(input(line("a")), job));
    Program.assertRefused(
        "another file",
        "batch",
        "submit",
        "--in",
        input(line("b")),
        "--dir",
        job,
        "--base-url",
        url);
  }

  @Test
  void providerThatIsGone_isOneLineAndTheJobIsKept() throws IOException {
    Path job = temp.resolve("job");
    json(submit(input(line("a")), job));
    server.close();
    JsonNode status = json(run("status", job));
    assertTrue(status.hasNonNull("trouble"), status.toString());
    assertEquals(1, status.get("pending").asInt());
    Program waiting = run("status", job, "--wait");
    assertEquals(2, waiting.status());
    assertTrue(waiting.err().contains("the job is kept"), waiting.err());
  }
}
