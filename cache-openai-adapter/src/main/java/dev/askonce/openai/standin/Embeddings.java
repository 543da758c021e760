package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.cost.TokenCounter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Vectors of the words in a text: the same for the same words, near for many words in common. */
final class Embeddings {
  private static final int DIMENSIONS_DEFAULT = 1536;
  private static final int DIMENSIONS_LARGE = 3072;

  private Embeddings() {}

  static ObjectNode answer(JsonNode request, TokenCounter tokens, boolean knowsBase64) {
    String model = request.path("model").asText();
    int dimensions =
        request
            .path("dimensions")
            .asInt(model.contains("large") ? DIMENSIONS_LARGE : DIMENSIONS_DEFAULT);
    boolean base64 = knowsBase64 && request.path("encoding_format").asText().equals("base64");
    ObjectNode root = Json.MAPPER.createObjectNode().put("object", "list");
    ArrayNode data = root.putArray("data");
    long count = 0;
    for (String text : texts(request.path("input"))) {
      ObjectNode item = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      float[] vector = vector(text, dimensions);
      if (base64) {
        item.put("embedding", Base64.getEncoder().encodeToString(littleEndian(vector)));
      } else {
        ArrayNode numbers = item.putArray("embedding");
        for (float component : vector) {
          numbers.add(component);
        }
      }
      count += tokens.count(model, text);
    }
    root.put("model", model);
    root.putObject("usage").put("prompt_tokens", count).put("total_tokens", count);
    return root;
  }

  private static List<String> texts(JsonNode input) {
    if (input.isTextual()) {
      return List.of(input.textValue());
    }
    List<String> texts = new ArrayList<>(input.size());
    input.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static float[] vector(String text, int dimensions) {
    double[] sum = new double[dimensions];
    String[] words = text.toLowerCase(Locale.ROOT).split("\\W+");
    // A text without words is one of a word without letters.
    for (String word : words.length == 0 ? new String[] {""} : words) {
      SplittableRandom random = new SplittableRandom(word.hashCode());
      for (int i = 0; i < dimensions; i++) {
        sum[i] += random.nextDouble() - 0.5;
      }
    }
    double norm = 0;
    for (double component : sum) {
      norm += component * component;
    }
    float[] unit = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      unit[i] = (float) (sum[i] / Math.sqrt(norm));
    }
    return unit;
  }

  private static byte[] littleEndian(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }
}
