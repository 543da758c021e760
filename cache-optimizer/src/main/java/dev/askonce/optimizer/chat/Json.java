package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The optimizer's way of reading and writing JSON: trees only, within Jackson's own limits. */
public final class Json {
  /** Shared; thread-safe as long as nobody configures it. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          // A provider may read the first of two equal keys where Jackson keeps the last: what was
          // fingerprinted would not be what was asked.
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static final ObjectReader TREES = MAPPER.reader();

  private Json() {}

  /** {@return a tree as UTF-8} Long strings take a third of the time that {@link #MAPPER} takes. */
  static byte[] bytes(JsonNode tree) throws IOException {
    try (ByteArrayBuilder out = new ByteArrayBuilder();
        JsonGenerator generator =
            new LongStringGenerator(MAPPER.createGenerator(out, JsonEncoding.UTF8))) {
      MAPPER.writeTree(generator, tree);
      return out.toByteArray();
    }
  }
}
