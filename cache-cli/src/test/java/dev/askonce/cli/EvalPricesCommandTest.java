package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalPricesCommandTest {
  private static final String PRICES =
      """
      [{"id": "one", "api_pattern": "https://one", "extractors": [
          {"api_flavor": "chat", "root": "usage", "model_path": "model", "mappings": [
            {"path": "in", "dest": "input_tokens", "required": true},
            {"path": "out", "dest": "output_tokens", "required": true}]}],
        "models": [{"id": "m", "match": {"starts_with": "m"}, "prices": [
          {"prices": {"input_mtok": 0.0375, "output_mtok": 2}},
          {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 4}}]}]}]
      """;

  private static final String USAGES =
      """
      {"body": {"model": "m1", "usage": {"in": 1, "out": 2}}, "model": "m1", "extracted": [\
      {"usage": {"input_tokens": 1, "output_tokens": 2}, "extractors": [\
      {"provider_id": "one", "api_flavor": "chat", "input_price": "3.75E-8", "output_price": "0.000004"},\
      {"provider_id": "one", "api_flavor": "unheard"}, {"provider_id": "two", "api_flavor": "chat"}]}]}
      {"body": {"model": "other", "usage": {"in": 1, "out": 0}}, "extracted": [\
      {"usage": {"input_tokens": 1}, "extractors": [{"provider_id": "one", "api_flavor": "chat"}]}]}
      {"body": {"in": 1000, "out": 0}, "model": "m1", "extracted": [\
      {"usage": {"input_tokens": 1000}, "extractors": [\
      {"provider_id": "one", "api_flavor": "chat", "input_price": "0.00003750", "output_price": "0"}]}]}
      {"body": {"model": "m1", "usage": {"in": 1, "out": 2}}, "model": "m1", "extracted": [\
      {"usage": {"input_tokens": 1, "output_tokens": 2}, "extractors": [\
      {"provider_id": "one", "api_flavor": "chat", "input_price": "4E-8", "output_price": "0.000004"}]},\
      {"usage": {"input_tokens": 9}, "extractors": [{"provider_id": "one", "api_flavor": "chat"}]},\
      {"usage": {"input_tokens": 1, "output_tokens": 2}, "extractors": [\
      {"provider_id": "one", "api_flavor": "chat"}]}]}
      """;

  @TempDir Path temp;

  private Path file(String name, String content) throws IOException {
    Path file = temp.resolve(name);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private JsonNode report(Object... more) throws IOException {
    Object[] arguments = new Object[7 + more.length];
    Object[] fixed = {
      "eval",
      "prices",
      "--usages",
      file("u.jsonl.gz", USAGES),
      "--prices",
      file("p", PRICES),
      "--json"
    };
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(more, 0, arguments, fixed.length, more.length);
    Program program = Program.run(arguments);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  private static void assertTally(String expected, JsonNode tally) {
    assertEquals(
        expected,
        "%d %d %d %d %d"
            .formatted(
                tally.get("n").asInt(),
                tally.get("exact").asInt(),
                tally.get("mismatched").asInt(),
                tally.get("skipped").asInt(),
                tally.get("priced").asInt()));
  }

  @Test
  void usages_arePricedAnewAndCompared() throws IOException {
    JsonNode report = report();
    assertEquals(4, report.get("rows").asInt());
    assertEquals(2, report.get("rowsExact").asInt());
    assertTally("8 3 3 2 2", report);
    assertTally("7 3 3 1 2", report.at("/providers/one"));
    assertTally("6 3 3 0 2", report.at("/providers/one/flavours/chat"));
    assertTally("1 0 0 1 0", report.at("/providers/two"));
    JsonNode first = report.at("/mismatches/0");
    assertTrue(first.get("where").asText().endsWith("line 4"), first.toString());
    assertEquals(
        "input 0.00000004, output 0.000004, total 0.00000404", first.get("expected").asText());
    assertEquals(
        "input 0.0000000375, output 0.000004, total 0.0000040375", first.get("got").asText());
    assertEquals("{input_tokens=9}", report.at("/mismatches/1/expected").asText());
    assertEquals("no price", report.at("/mismatches/2/expected").asText());
  }

  @Test
  void at_choosesThePriceOfThatTime() throws IOException {
    JsonNode report = report("--at", "2026-01-01T00:00:00Z");
    assertEquals("2026-01-01T00:00:00Z", report.get("at").asText());
    assertTally("8 1 5 2 0", report);
  }

  @Test
  void text_namesEachProviderAndTheFirstMismatches() throws IOException {
    Program program =
        Program.run("eval", "prices", "--usages", file("u", USAGES), "--prices", file("p", PRICES));
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("4 rows, 2 of them exact"), program.out());
    assertTrue(program.out().contains("  chat"), program.out());
    assertTrue(program.out().contains("got      input 0.0000000375"), program.out());
  }

  @Test
  void faultyInput_isRefusedInOneLine() throws IOException {
    Path usages = file("u", USAGES);
    Path prices = file("p", PRICES);
    refused("--usages", usages);
    refused("--usages", temp.resolve("gone"), "--prices", prices);
    refused("--usages", usages, "--prices", temp.resolve("gone"));
    refused("--usages", usages, "--prices", usages);
    refused("--usages", usages, "--prices", file("q", "{\"prices\":[]}"));
    refused("--usages", file("v", "{\"body\": 1}"), "--prices", prices);
    refused("--usages", usages, "--prices", prices, "--at", "soon");
    Path own =
        file(
            "o",
            "{\"prices\":[{\"models\":[\"m\"],\"from\":\"2025-01-01\",\"input\":1,"
                + "\"output\":1}]}");
    refused("--usages", usages, "--prices", own);
    refused("--usages", usages, "--prices", Files.copy(prices, temp.resolve("p.gz")));
  }

  private static void refused(Object... options) {
    Object[] arguments = new Object[options.length + 2];
    arguments[0] = "eval";
    arguments[1] = "prices";
    System.arraycopy(options, 0, arguments, 2, options.length);
    Program program = Program.run(arguments);
    assertEquals(2, program.status(), program.err());
    assertEquals(1, program.err().lines().count(), program.err());
    assertEquals("", program.out());
  }
}
