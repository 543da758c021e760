package dev.askonce.optimizer.cap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.regex.Pattern;

/**
 * The form that an endpoint's answers are forced into. A request that has a {@code response_format}
 * keeps it.
 */
public final class JsonFormat {
  /** The API's rule for names of schemas. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private static final JsonFormat OBJECT = new JsonFormat(format("json_object"), true);

  private final ObjectNode format;
  private final boolean wordNeeded;

  private JsonFormat(ObjectNode format, boolean wordNeeded) {
    this.format = format;
    this.wordNeeded = wordNeeded;
  }

  /**
   * {@return the older JSON mode: any JSON object} The API takes it only where a message has the
   * word JSON; where none has, a sentence that has it is added to the system text.
   */
  public static JsonFormat object() {
    return OBJECT;
  }

  /**
   * {@return JSON of a schema, which the model is held to strictly}
   *
   * @param name 1 to 64 letters, digits, underscores and hyphens
   * @param schema a JSON schema within the API's rules for strict ones; not copied
   * @throws ChatException.InvalidSetting if the name or the schema cannot be one
   */
  public static JsonFormat schema(String name, JsonNode schema) {
    if (!NAME.matcher(name).matches()) {
      throw new ChatException.InvalidSetting(
          "the schema's name \"" + name + "\" is not 1 to 64 of a-z, A-Z, 0-9, _ and -");
    }
    if (!schema.isObject()) {
      throw new ChatException.InvalidSetting("the schema " + name + " is not a JSON object");
    }
    ObjectNode format = format("json_schema");
    format.putObject("json_schema").put("name", name).put("strict", true).set("schema", schema);
    return new JsonFormat(format, false);
  }

  private static ObjectNode format(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  /** {@return whether the answer to a request has to be JSON} */
  static boolean isAskedOf(ChatRequest request) {
    return request.json().path("response_format").path("type").asText("").startsWith("json");
  }

  /** {@return the request in this form, or as it was where the API would refuse that} */
  ChatRequest applyTo(ChatRequest request) {
    if (request.json().hasNonNull("response_format")) {
      return request;
    }
    if (!wordNeeded || Instructions.speaksOfJson(request)) {
      return request.with("response_format", format);
    }
    return ModelRules.takesInstructions(request)
        ? Instructions.add(request, Instructions.JSON).with("response_format", format)
        : request;
  }
}
