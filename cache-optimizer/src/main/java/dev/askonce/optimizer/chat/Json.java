package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

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
}
