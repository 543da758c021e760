package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  /** The command-line contract: these names stay. */
  private static final List<String> FIELDS =
      List.of(
          "requests",
          "exactHits",
          "semanticHits",
          "misses",
          "hitRate",
          "wrongHits",
          "wrongHitRate",
          "crossTenantHits",
          "hitsAfterRestart",
          "lookupMicros",
          "embedMillis",
          "spentUsd",
          "baselineUsd",
          "savedPct",
          "entries",
          "bytesOnDisk",
          "reopenMillis",
          "seconds");

  private static final List<String> COUNTS =
      List.of(
          "requests",
          "exactHits",
          "semanticHits",
          "misses",
          "wrongHits",
          "crossTenantHits",
          "hitsAfterRestart",
          "entries");

  @TempDir Path temp;

  private JsonNode demo(Path directory, int requests) throws JsonProcessingException {
    Program program =
        Program.run("demo", "--json", "--requests", requests, "--seed", 5, "--dir", directory);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  @Test
  void json_hasTheFieldsAndSumsUp() throws JsonProcessingException {
    JsonNode report = demo(temp.resolve("store"), 300);
    List<String> fields = new ArrayList<>();
    report.fieldNames().forEachRemaining(fields::add);
    assertEquals(FIELDS, fields);
    assertEquals(300, report.get("requests").asInt());
    assertEquals(
        300,
        report.get("exactHits").asInt()
            + report.get("semanticHits").asInt()
            + report.get("misses").asInt());
    assertEquals(report.get("misses").asInt(), report.get("entries").asInt());
    assertEquals(0, report.get("crossTenantHits").asInt());
    assertTrue(report.get("hitsAfterRestart").asInt() > 0);
    assertTrue(report.get("savedPct").asDouble() > 0);
    assertTrue(report.get("spentUsd").asDouble() < report.get("baselineUsd").asDouble());
    assertTrue(report.get("lookupMicros").get("p999").asDouble() > 0);
    assertTrue(report.get("embedMillis").get("p50").asDouble() > 0);
  }

  @Test
  void sameSeed_givesTheSameCounts() throws JsonProcessingException {
    JsonNode first = demo(temp.resolve("first"), 200);
    JsonNode second = demo(temp.resolve("second"), 200);
    for (String field : COUNTS) {
      assertEquals(first.get(field), second.get(field), field);
    }
  }

  @Test
  void keptStore_answersTheNextRun() throws JsonProcessingException {
    Path store = temp.resolve("store");
    demo(store, 150);
    assertEquals(0, demo(store, 150).get("misses").asInt());
  }

  @Test
  void report_isForAPerson() {
    Program program = Program.run("demo", "--requests", 60);
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("Answered from the cache"), program.out());
    assertTrue(program.err().contains("closing and reopening"), program.err());
  }
}
