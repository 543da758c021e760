package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BenchEvictCommandTest {
  @Test
  void json_isOneDocumentOfAllRows() throws IOException {
    Program program =
        Program.run("bench", "evict", "--requests", 20_000, "--entries", "300,400", "--json");
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(1, program.out().lines().count());
    assertEquals(report.get("shortfalls").isEmpty() ? 0 : 1, program.status(), program.err());
    assertEquals(2 * 10 * 7, report.get("rows").size());
    JsonNode row = report.get("rows").get(0);
    assertEquals("zipf", row.get("trace").asText());
    assertEquals("value", row.get("policy").asText());
    assertEquals("entries", row.get("budget").asText());
    assertEquals(300, row.get("size").asInt());
    assertTrue(row.get("savedCostRatio").asDouble() > 0.3, row.toString());
    assertTrue(row.get("evictions").asLong() > 0, row.toString());
  }

  @Test
  void table_hasALineForEachRow() {
    Program program = Program.run("bench", "evict", "--requests", 5_000, "--bytes", 1_000_000);
    assertEquals(1 + 10 * 7, program.out().lines().count(), program.out());
  }

  @Test
  void wrongUsage_isOneLineAndStatus2() {
    Program.assertRefused("63 entries", "bench", "evict", "--entries", 63);
    Program.assertRefused("5 bytes", "bench", "evict", "--bytes", 5);
    Program.assertRefused("10 requests", "bench", "evict", "--requests", 10);
    Program.assertRefused("--entries", "bench", "evict", "--entries", "many");
  }

  @Test
  void help_isStatus0() {
    Program program = Program.run("bench", "evict", "--help");
    assertEquals(0, program.status());
    assertTrue(program.out().startsWith("Usage: askonce bench evict"), program.out());
  }
}
