package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class EvalBatchCommandTest {
  @Test
  void tenThousandDocuments_of500Dollars_are250AndLessWithDuplicates()
      throws JsonProcessingException {
    Program program = Program.run("eval", "batch", "--json");
    assertEquals(0, program.status(), program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(10_000, report.get("answered").asInt());
    assertEquals(500.0, report.get("standardUsd").asDouble());
    assertEquals(250.0, report.get("paidUsd").asDouble());
    assertEquals(1_000, report.get("duplicates").asInt());
    assertEquals(225.0, report.get("paidWithDuplicatesUsd").asDouble());
  }

  @Test
  void text_saysIt() {
    Program program = Program.run("eval", "batch", "--documents", 100, "--duplicates", 0.5);
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("one by one                        $5.00"), program.out());
    assertTrue(program.out().contains("50 of them equal    $1.25"), program.out());
  }

  @Test
  void wrongUsage_isRefused() {
    Program.assertRefused("--documents 0", "eval", "batch", "--documents", 0);
    Program.assertRefused("--duplicates 1.0", "eval", "batch", "--duplicates", 1);
  }
}
