package dev.askonce.optimizer.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskClassifierTest {
  private static final Set<Task> SHORT = Set.of(Task.CLASSIFICATION, Task.EXTRACTION, Task.FACTUAL);

  private final TaskClassifier classifier = new TaskClassifier();

  private Task task(ChatRequest request) {
    return classifier.classify(request).task();
  }

  @Test
  void caller_winsOverWords() {
    CallContext context = CallContext.to(Wire.URL).task(Task.CODE);
    TaskClassifier.Verdict verdict = classifier.classify(Wire.ask("Write a poem."), context);
    assertEquals(Task.CODE, verdict.task());
    assertEquals("[said by the caller]", verdict.evidence().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          EXTRACTION     | 'response_format':{'type':'json_schema','json_schema':{'schema':{'properties':{'a':{},'b':{}}}}}
          CLASSIFICATION | 'response_format':{'type':'json_schema','json_schema':{'schema':{'properties':{'a':{'enum':['x','y']}}}}}
          CLASSIFICATION | 'max_tokens':5
          EXTRACTION     | 'response_format':{'type':'json_object'}
          CODE           | 'stop':['```']
          OTHER          | 'temperature':0
          """)
  void settings_show(Task expected, String field) {
    assertEquals(expected, task(Wire.ask("Monday 12 boxes", field)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```x",
        "x = 1;\n",
        "{\nx",
        "}\n",
        "f(x);",
        "g() {",
        "a => b",
        "p -> q",
        "def f(x",
        "#include x",
        "print(x",
        "SELECT a FROM b",
        "</div>",
        "f([1",
        "return x",
        "int f(x"
      })
  void lookOfCode_shows(String text) {
    assertEquals("[looks like code]", classifier.classify("", text).evidence().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "PASS or FAIL, choices in capitals",
    "xOK/NO, ",
    "OK / NO, choices in capitals",
    "(a) red (b) blue, choices with letters",
    "A. red B. blue, choices with letters",
    "a red b blue, "
  })
  void choices_show(String text, String sign) {
    assertEquals(
        sign == null ? "[]" : "[" + sign + "]",
        classifier.classify("", text).evidence().toString());
  }

  @Test
  void textsThatAreRemembered_showTheSameAgain() {
    String system = "Classify the ticket as billing or technical.";
    TaskClassifier.Verdict first = classifier.classify(system, "My invoice is wrong");
    for (int i = 0; i < 300; i++) {
      classifier.classify("Be kind to customer " + i, "Write a poem about " + i);
      assertEquals(first, classifier.classify(system, "My invoice is wrong"));
    }
    assertEquals(Task.CREATIVE, classifier.classify("", "Write a poem about 7").task());
  }

  @Test
  void systemText_saysWhatIsDoneWithTheUsers() {
    String messages =
        "{'messages':[{'role':'developer','content':'Classify the ticket as billing or"
            + " technical.'},{'role':'user','content':[{'type':'text','text':'My invoice is"
            + " wrong'}]}]}";
    assertEquals(Task.CLASSIFICATION, task(Wire.request(messages)));
  }

  @Test
  void politeness_isPassedOver() {
    assertEquals(
        Task.REWRITING, classifier.classify("", "Hi, could you please translate this?").task());
    assertEquals(Task.OTHER, classifier.classify("", "Could you please help me?").task());
  }

  @Test
  void evidence_isWhatWasRead() {
    TaskClassifier.Verdict verdict = classifier.classify("", "Please write a short poem on rain.");
    assertEquals(Task.CREATIVE, verdict.task());
    assertTrue(verdict.evidence().contains("write a short poem"), verdict.toString());
  }

  @Test
  void opening_ofAConversation_isItsFirstUserMessage() {
    ChatRequest request =
        Wire.request(
            "{'messages':[{'role':'user','content':'Write a story.'},{'role':'assistant',"
                + "'content':'Once.'},{'role':'user','content':'Who wrote Faust?'}]}");
    assertEquals(Task.FACTUAL, task(request));
    assertEquals(Task.CREATIVE, classifier.classifyOpening(request).task());
  }

  @Test
  void otherLanguages_andNothing_areOther() {
    for (String text : new String[] {"", "???", "Wie hoch ist der Brocken?", "東京の人口は?"}) {
      assertEquals(Task.OTHER, classifier.classify("", text).task(), text);
    }
    assertEquals(Task.OTHER, task(Wire.request("{}")));
    assertEquals(Task.OTHER, task(Wire.request("{'messages':[{'role':'user'},7,null]}")));
  }

  @Test
  void longText_isReadAtItsEndsOnly() {
    String filler = "lorem ipsum dolor sit amet ".repeat(200);
    assertEquals(Task.REWRITING, classifier.classify("", "Summarize this: " + filler).task());
    assertEquals(
        Task.REWRITING, classifier.classify("", filler + " Summarize the text above.").task());
    assertEquals(Task.OTHER, classifier.classify("", filler + "Summarize this. " + filler).task());
  }

  /** The share of the labelled prompts; what it is worth, docs/guides/output.md says. */
  @Test
  void labelledPrompts_areMostlySeenAsWhatTheyAre() throws IOException {
    int right = 0;
    int all = 0;
    int wronglyShort = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                getClass().getResourceAsStream("prompts.jsonl"), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode prompt = Json.MAPPER.readTree(line);
        Task wanted = Task.of(prompt.get("task").asText()).orElseThrow();
        Task seen =
            classifier
                .classify(prompt.path("system").asText(""), prompt.get("user").asText())
                .task();
        all++;
        right += seen == wanted ? 1 : 0;
        wronglyShort += SHORT.contains(seen) && !SHORT.contains(wanted) ? 1 : 0;
      }
    }
    assertEquals(320, all);
    assertTrue(right >= 295, right + " right");
    assertTrue(wronglyShort <= 4, wronglyShort + " would be limited that should not");
  }
}
