package dev.askonce.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.askonce.optimizer.chat.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the model and the usage in a reply while its bytes pass, and keeps no more of it than that
 * and the text of a stream. Not thread-safe.
 */
abstract sealed class UsageMeter {
  /** The names of chat completions for what other endpoints call otherwise. */
  private static final Map<String, String> CHAT_NAMES =
      Map.of(
          "input_tokens", "prompt_tokens",
          "output_tokens", "completion_tokens",
          "input_tokens_details", "prompt_tokens_details",
          "output_tokens_details", "completion_tokens_details");

  String model = "";
  String serviceTier = "";
  Optional<ObjectNode> usage = Optional.empty();
  final StringBuilder text = new StringBuilder();

  /** Takes the next bytes; keeps none of the array. */
  abstract void add(byte[] bytes, int offset, int length) throws IOException;

  final void foundUsage(JsonNode found) {
    if (found instanceof ObjectNode object) {
      ObjectNode renamed = object.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        renamed.set(CHAT_NAMES.getOrDefault(field.getKey(), field.getKey()), field.getValue());
      }
      usage = Optional.of(renamed);
    }
  }

  /** A JSON object, read token by token; only the fields of the object itself are looked at. */
  static final class OfObject extends UsageMeter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private int depth;
    private String field = "";
    private TokenBuffer found;

    OfObject() throws IOException {
      parser = FACTORY.createNonBlockingByteArrayParser();
      feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    @Override
    void add(byte[] bytes, int offset, int length) throws IOException {
      feeder.feedInput(bytes, offset, offset + length);
      for (JsonToken token = parser.nextToken();
          token != null && token != JsonToken.NOT_AVAILABLE;
          token = parser.nextToken()) {
        take(token);
      }
    }

    private void take(JsonToken token) throws IOException {
      if (token.isStructEnd()) {
        depth--;
      }
      if (found != null) {
        found.copyCurrentEvent(parser);
        if (depth == 1 && token.isStructEnd()) {
          foundUsage(Json.MAPPER.readTree(found.asParser()));
          found.close();
          found = null;
        }
      } else if (depth == 1 && token == JsonToken.FIELD_NAME) {
        field = parser.currentName();
      } else if (depth == 1 && token == JsonToken.VALUE_STRING && field.equals("model")) {
        model = parser.getText();
      } else if (depth == 1 && token == JsonToken.VALUE_STRING && field.equals("service_tier")) {
        serviceTier = parser.getText();
      } else if (depth == 1 && token == JsonToken.START_OBJECT && field.equals("usage")) {
        found = new TokenBuffer(parser);
        found.copyCurrentEvent(parser);
      }
      if (token.isStructStart()) {
        depth++;
      }
    }
  }

  /** Server-sent events, read line by line. */
  static final class OfEvents extends UsageMeter {
    /** A longer line is not read. */
    private static final int LINE_BYTES_MAX = 16 << 20;

    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);

    @Override
    void add(byte[] bytes, int offset, int length) {
      int start = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          keep(bytes, start, i);
          take(line.toByteArray());
          line.reset();
          start = i + 1;
        }
      }
      keep(bytes, start, offset + length);
    }

    private void keep(byte[] bytes, int start, int end) {
      if (line.size() + (end - start) <= LINE_BYTES_MAX) {
        line.write(bytes, start, end - start);
      }
    }

    private void take(byte[] bytes) {
      int at = DATA.length;
      if (bytes.length <= at || !Arrays.equals(bytes, 0, at, DATA, 0, at)) {
        return;
      }
      try {
        take(Json.MAPPER.readTree(bytes, at, bytes.length - at));
      } catch (IOException e) {
        // The mark of the end, or what only its reader can tell.
      }
    }

    private void take(JsonNode event) {
      JsonNode reply = event.path("response").isObject() ? event.get("response") : event;
      if (model.isEmpty()) {
        model = reply.path("model").asText("");
      }
      serviceTier = reply.path("service_tier").asText(serviceTier);
      foundUsage(reply.get("usage"));
      if (event.path("type").asText().equals("response.output_text.delta")) {
        text.append(event.path("delta").asText(""));
      }
      text.append(event.path("choices").path(0).path("text").asText(""));
    }
  }
}
