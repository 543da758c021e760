package dev.askonce.optimizer.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.audit.Finding.Kind;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.replay.Logged;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Instant START = Instant.parse("2025-11-03T08:00:00Z");
  private static final String RULES = "Answer from the handbook alone, section %d of it. ";

  private final Audit audit = new Audit(Prices.november2025(), "gpt-4o-mini", AuditTest::task);

  private static Task task(ChatRequest request) {
    String text = request.messages().toString();
    return text.contains("Classify")
        ? Task.CLASSIFICATION
        : text.contains("Extract")
            ? Task.EXTRACTION
            : text.contains("Imagine") ? Task.CREATIVE : Task.OTHER;
  }

  private static String rules(int sentences) {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < sentences; i++) {
      rules.append(RULES.formatted(i));
    }
    return rules.toString();
  }

  private void call(
      Instant at,
      String endpoint,
      String system,
      String user,
      int input,
      int output,
      String... more) {
    String messages =
        (system.isEmpty() ? "" : "{'role':'system','content':'" + system + "'},")
            + "{'role':'user','content':'"
            + user
            + "'}";
    audit.add(Logged.call(at.toString(), endpoint, "gpt-4o", messages, "yes", input, output, more));
  }

  private List<Finding> found(Kind kind) {
    return audit.report(false).findings().stream()
        .filter(finding -> finding.kind().equals(kind.label()))
        .toList();
  }

  private Optional<Finding> first(Kind kind) {
    return found(kind).stream().findFirst();
  }

  @Test
  void prompts_areGroupedByInstructionsAndTheMostSentComeFirst() {
    for (int i = 0; i < 30; i++) {
      call(START.plusSeconds(i), "faq", "You help the staff of shop " + i, "q" + i, 100, 10);
    }
    for (int kind = 0; kind < 6; kind++) {
      for (int i = 0; i <= kind; i++) {
        String name = "You are the assistant named " + "abcdef".charAt(kind) + ". Be brief.";
        call(START.plusSeconds(100 + i), "other", name, "q", 100, 10);
      }
    }
    List<Finding> top = found(Kind.HIGH_VOLUME_PROMPT);
    assertEquals(5, top.size());
    assertEquals(30, top.getFirst().calls());
    assertEquals("faq", top.getFirst().endpoint());
    assertEquals(List.of(30L, 6L, 5L, 4L, 3L), top.stream().map(Finding::calls).toList());
    assertTrue(top.getFirst().evidence().contains("You help the staff"), top.toString());
  }

  @Test
  void texts_areLeftOutWhereWanted() {
    call(START, "faq", "Secret instructions of ours", "q", 5000, 10);
    String shown = audit.report(false).toString();
    assertTrue(shown.contains("Secret instructions"), shown);
    assertFalse(shown.contains(rules(3)), "never a whole prompt");
    assertFalse(audit.report(true).toString().contains("Secret"));
  }

  @Test
  void longPrompt_isShownByItsFirstCharactersOnly() {
    call(START, "faq", rules(200), "q", 5000, 10);
    assertTrue(audit.report(false).findings().stream().allMatch(f -> f.evidence().length() < 300));
  }

  @Test
  void longSystemPrompt_costsItsTokens() {
    call(START, "faq", rules(100), "q", 3000, 10);
    call(START.plusSeconds(86_400), "faq", rules(100), "q", 3000, 10);
    Finding finding = first(Kind.LONG_SYSTEM_PROMPT).orElseThrow();
    assertEquals(2, finding.calls());
    assertEquals(2 * 3000 * 5e-6, finding.usdPerDay(), 2e-4);
    call(START, "short", rules(100), "q", 1900, 10);
    assertEquals(1, found(Kind.LONG_SYSTEM_PROMPT).size());
  }

  @Test
  void labelsFromAnExpensiveModel_areFoundByTaskAndByLength() {
    call(START, "triage", "Classify the ticket.", "It broke", 200, 20);
    call(START, "gate", "", "May it pass?", 200, 1);
    call(START, "chat", "", "Tell me more", 200, 90);
    call(START, "agent", "", "Go on", 200, 1, "'tools':[{'type':'function','function':{}}]");
    List<Finding> labels = found(Kind.EXPENSIVE_MODEL);
    assertEquals(List.of("triage", "gate"), labels.stream().map(Finding::endpoint).toList());
    assertEquals(0.0013, labels.getFirst().usdPerDay(), 1e-9);
  }

  @Test
  void labelsFromTheBudgetModel_areFine() {
    audit.add(
        Logged.call(
            START.toString(),
            "triage",
            "gpt-4o-mini",
            "{'role':'user','content':'Classify it.'}",
            "a",
            200,
            2));
    assertEquals(List.of(), found(Kind.EXPENSIVE_MODEL));
  }

  @Test
  void extraction_wantsAForm() {
    call(START, "fields", "", "Extract the name.", 200, 50);
    call(START, "formed", "", "Extract it.", 200, 50, "'response_format':{'type':'json_object'}");
    call(START, "text", "", "Extract it.", 200, 50, "'response_format':{'type':'text'}");
    List<Finding> found = found(Kind.EXTRACTION_WITHOUT_JSON);
    assertEquals(
        List.of("fields", "text"), found.stream().map(Finding::endpoint).sorted().toList());
    assertEquals(50 * 15e-6, found.getFirst().usdPerDay(), 1e-9);
  }

  @Test
  void noLimit_isFoundButForFreeWriting() {
    for (int i = 1; i <= 100; i++) {
      call(START, "chat", "", "Tell me", 100, i);
    }
    call(START, "story", "", "Imagine a cat", 100, 900);
    call(START, "capped", "", "Tell me", 100, 50, "'max_completion_tokens':60");
    call(START, "old", "", "Tell me", 100, 50, "'max_tokens':60");
    List<Finding> found = found(Kind.NO_OUTPUT_LIMIT);
    assertEquals(List.of("chat"), found.stream().map(Finding::endpoint).toList());
    assertEquals(5050 * 15e-6, found.getFirst().usdPerDay(), 1e-9);
    assertTrue(
        found.getFirst().evidence().contains("half of the answers within 5"), found.toString());
  }

  @Test
  void repeatedSentence_isFoundWhateverItsMarks() {
    String twice =
        "Never promise a refund on your own. Be kind. - never promise a refund on your own!";
    call(START, "faq", twice, "q", 100, 10);
    call(START, "fine", "Be kind. Be kind. Be kind.", "q", 100, 10);
    List<Finding> found = found(Kind.REPEATED_INSTRUCTION);
    assertEquals(List.of("faq"), found.stream().map(Finding::endpoint).toList());
    assertTrue(found.getFirst().usdPerDay() > 0);
  }

  @Test
  void instructions_unchangedForAQuarter() {
    for (int day = 0; day <= 100; day += 10) {
      Instant at = START.plusSeconds(86_400L * day);
      call(at, "same", rules(20) + "Today is day " + day + ".", "q", 500, 10);
      call(at, "edited", rules(20 - day / 10) + "More of day " + day, "q", 500, 10);
      call(at.minusSeconds(86_400L * 9 * day / 10), "young", rules(20), "q", 500, 10);
    }
    List<Finding> found = found(Kind.UNCHANGED_INSTRUCTIONS);
    assertEquals(List.of("same"), found.stream().map(Finding::endpoint).toList());
    assertTrue(found.getFirst().evidence().contains("2025-11-03"), found.toString());
  }

  @Test
  void timeAboveStableRules_defeatsThePromptCache() {
    for (int i = 0; i < 20; i++) {
      Instant at = START.plusSeconds(60 * i);
      call(at, "clocked", "Current time: " + at + "\\n" + rules(100), "q" + i, 2000, 10);
      call(at, "stable", rules(100) + "\\nCurrent time: " + at, "q" + i, 2000, 10);
      call(at, "small", "Current time: " + at + "\\n" + rules(100), "q" + i, 800, 10);
      Instant rare = START.plusSeconds(3600 * i);
      call(rare, "rare", "Current time: " + rare + "\\n" + rules(100), "q" + i, 2000, 10);
    }
    List<Finding> found = found(Kind.VOLATILE_BEFORE_STABLE);
    assertEquals(List.of("clocked"), found.stream().map(Finding::endpoint).toList());
    assertEquals(20, found.getFirst().calls());
    // 19 calls could have read 1,920 tokens at half of $5 a million, in 19 hours.
    assertEquals(19 * 1920 * 2.5e-6 * 24 / 19, found.getFirst().usdPerDay(), 1e-9);
  }

  @Test
  void callsWithoutMoney_areCounted() {
    audit.malformed();
    audit.add(Logged.line("{'at':'" + START + "','request':{'model':'gpt-4o'},'status':500}"));
    audit.add(
        Logged.call(
            START.toString(), "e", "who-knows", "{'role':'user','content':'a'}", "b", 9, 9));
    AuditReport report = audit.report(false);
    assertEquals(2, report.requests());
    assertEquals(1, report.malformed());
    assertEquals(Map.of("who-knows", 1L), report.unpriced());
    assertEquals(List.of(), report.findings());
    assertEquals(0, report.usdPerDay());
  }

  @Test
  void manyPrompts_keepTheCommonOnes() {
    for (int i = 0; i < 5000; i++) {
      String word = Integer.toString(i, 26).replaceAll("[0-9]", "z");
      call(START.plusSeconds(i), "rare", "Prompt " + word.repeat(5) + " of its own", "q", 10, 10);
      if (i % 3 == 0) {
        call(START.plusSeconds(i), "common", "The one prompt that stays", "q", 10, 10);
      }
    }
    Finding top = found(Kind.HIGH_VOLUME_PROMPT).getFirst();
    assertEquals("common", top.endpoint());
    assertEquals(1667, top.calls());
  }

  @Test
  void replacedTexts_areAsLongAsTheyWere() {
    call(
        START,
        "faq",
        "hash:K1vJ0dN6mSzJ3u8Qd0aL2A:2900",
        "hash:hGC71_D-jk82KtAxs4IYNA:100",
        3000,
        9);
    call(
        START,
        "faq",
        "hash:99vJ0dN6mSzJ3u8Qd0aL2A:900",
        "hash:hGC71_D-jk82KtAxs4IYNA:100",
        1000,
        9);
    assertEquals(2, found(Kind.HIGH_VOLUME_PROMPT).size());
    Finding longOne = first(Kind.LONG_SYSTEM_PROMPT).orElseThrow();
    assertEquals(1, longOne.calls());
    assertEquals(2900 * 5e-6, longOne.usdPerDay(), 1e-4);
  }
}
