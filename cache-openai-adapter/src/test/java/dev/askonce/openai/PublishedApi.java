package dev.askonce.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.askonce.openai.RecordingHttpClient.Exchange;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * A description of the API in the format OpenAPI: it says of an exchange what in it is not as
 * published. Which schemas count is told by the method and the path, so that an endpoint needs no
 * line here.
 *
 * <p>There is an extract beside this class; it is stricter, since its objects are closed. To check
 * against the whole published description as well, name its file, {@code openapi.yaml} or {@code
 * openapi.yaml.gz}, by the system property or the environment variable {@code ASKONCE_OPENAPI}.
 */
final class PublishedApi {
  private static final String DESCRIPTION = "ASKONCE_OPENAPI";
  private static final String ERROR = "/components/schemas/ErrorResponse";

  private final JsonNode document;
  private final Shapes shapes;

  private PublishedApi(JsonNode document) {
    this.document = document;
    this.shapes = new Shapes(document);
  }

  /**
   * Where a description is.
   *
   * @param file YAML or gzipped YAML; empty for the extract that lies beside this class
   */
  record Source(String name, Optional<Path> file) {
    PublishedApi read() throws IOException {
      return new PublishedApi(file.isPresent() ? yaml(file.get()) : extract());
    }
  }

  /** {@return the extract and, where its file is named, the whole published description} */
  static Stream<Source> sources() {
    String file = System.getProperty(DESCRIPTION, System.getenv(DESCRIPTION));
    Source extract = new Source("our extract", Optional.empty());
    return file == null || file.isBlank()
        ? Stream.of(extract)
        : Stream.of(extract, new Source("the published description", Optional.of(Path.of(file))));
  }

  private static JsonNode extract() throws IOException {
    try (InputStream in = PublishedApi.class.getResourceAsStream("api-extract.json")) {
      return Json.MAPPER.readTree(in);
    }
  }

  private static JsonNode yaml(Path file) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(16 << 20);
    YAMLMapper yaml = new YAMLMapper(YAMLFactory.builder().loaderOptions(options).build());
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return yaml.readTree(in);
    }
  }

  /** What was looked at in an exchange, and what is wrong with it. */
  record Findings(int checked, List<String> problems) {}

  Findings check(Exchange exchange) throws IOException {
    List<String> problems = new ArrayList<>();
    int checked = 0;
    Optional<String> operation = operation(exchange);
    if (operation.isEmpty()) {
      problems.add("no operation " + exchange.method() + " /" + exchange.path());
      return new Findings(0, problems);
    }
    String request = operation.get() + "/requestBody/content/application~1json/schema";
    // What the API refused as wrong need not be right.
    boolean wrong = exchange.status() == 400;
    if (exchange.request().length > 0 && hasSchema(request) && !wrong) {
      problems.addAll(shapes.problems(request, Json.MAPPER.readTree(exchange.request())));
      checked++;
    }
    String responses = operation.get() + "/responses/200/content/";
    if (exchange.contentType().startsWith("text/event-stream")) {
      String event = responses + "text~1event-stream/schema";
      if (hasSchema(event)) {
        checked += checkEvents(exchange, event, problems);
      }
    } else if (exchange.contentType().startsWith("application/json")) {
      JsonNode response = withNumbers(Json.MAPPER.readTree(exchange.response()));
      String schema = exchange.status() == 200 ? responses + "application~1json/schema" : ERROR;
      problems.addAll(shapes.problems(schema, response));
      checked++;
    } else {
      problems.add("content type " + exchange.contentType());
    }
    return new Findings(checked, problems);
  }

  private boolean hasSchema(String pointer) {
    return !document.at(pointer).isMissingNode();
  }

  /** {@return where in the document an exchange's operation is} */
  private Optional<String> operation(Exchange exchange) {
    String[] path = exchange.path().split("/");
    String method = exchange.method().toLowerCase(Locale.ROOT);
    for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
      String[] template = entry.getKey().substring(1).split("/");
      if (matches(template, path) && entry.getValue().has(method)) {
        return Optional.of("/paths/" + entry.getKey().replace("/", "~1") + "/" + method);
      }
    }
    return Optional.empty();
  }

  private static boolean matches(String[] template, String[] path) {
    boolean same = template.length == path.length;
    for (int i = 0; same && i < path.length; i++) {
      same = template[i].equals(path[i]) || template[i].startsWith("{");
    }
    return same;
  }

  /** Vectors are described as numbers only, though base64 is documented beside them. */
  private static JsonNode withNumbers(JsonNode response) {
    for (JsonNode item : response.path("data")) {
      if (item instanceof ObjectNode embedding && embedding.path("embedding").isTextual()) {
        ArrayNode numbers = embedding.putArray("embedding");
        numbers.add(0.5);
      }
    }
    return response;
  }

  private int checkEvents(Exchange exchange, String schema, List<String> problems)
      throws IOException {
    EventReader events = EventReader.over(exchange.response());
    int count = 0;
    for (ChatEvent event = events.next(); event != null; event = events.next()) {
      if (!event.isDone()) {
        problems.addAll(shapes.problems(schema, event.json()));
        count++;
      }
    }
    return count;
  }
}
