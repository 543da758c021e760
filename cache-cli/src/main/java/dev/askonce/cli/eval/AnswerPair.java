package dev.askonce.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.task.TaskClassifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two answers of one model to one instruction.
 *
 * @param task what the instruction asks for, as the classifier sees it
 * @param free the answer of its own accord
 * @param concise the answer where the model was told to be concise
 */
record AnswerPair(
    String instruction, Task task, String free, String concise, int freeTokens, int conciseTokens) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * {@return the pairs of two files} Each holds one JSON array of objects with {@code instruction}
   * and {@code output}, the instructions in the same order.
   *
   * @throws InputException if a file is missing or no such array, or they do not fit each other
   */
  static List<AnswerPair> read(Path free, Path concise, TokenCounter tokens, String model)
      throws IOException {
    JsonNode ours = array(free);
    JsonNode theirs = array(concise);
    InputException.require(
        ours.size() == theirs.size(),
        free + " has " + ours.size() + " answers, " + concise + " has " + theirs.size());
    TaskClassifier classifier = new TaskClassifier();
    List<AnswerPair> pairs = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      String where = "answer " + (i + 1);
      String instruction = JsonLines.text(ours.get(i), "instruction", free + ", " + where);
      InputException.require(
          instruction.equals(theirs.get(i).path("instruction").asText()),
          where + " is to another instruction in " + concise + " than in " + free);
      String one = JsonLines.text(ours.get(i), "output", free + ", " + where);
      String other = JsonLines.text(theirs.get(i), "output", concise + ", " + where);
      pairs.add(
          new AnswerPair(
              instruction,
              classifier.classify("", instruction).task(),
              one,
              other,
              (int) tokens.count(model, one),
              (int) tokens.count(model, other)));
    }
    return pairs;
  }

  private static JsonNode array(Path file) throws IOException {
    try (BufferedReader in = JsonLines.open(file)) {
      JsonNode json = MAPPER.readTree(in);
      InputException.require(
          json.isArray() && !json.isEmpty(), file + " is not a JSON array of answers");
      return json;
    } catch (JsonProcessingException e) {
      throw new InputException(file + " is not JSON");
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not UTF-8");
    }
  }
}
