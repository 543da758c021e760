package dev.askonce.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A {@code tokenizer.json}: reads the vocabulary and refuses a file that asks for anything but the
 * uncased BERT tokenizer, rather than tokenise it wrongly. Its truncation and padding are ignored:
 * how many tokens are read is the embedder's setting, and nothing is ever padded.
 */
final class TokenizerFile {
  private static final Map<String, String> SUPPORTED =
      Map.ofEntries(
          Map.entry("/normalizer/type", "BertNormalizer"),
          Map.entry("/normalizer/clean_text", "true"),
          Map.entry("/normalizer/handle_chinese_chars", "true"),
          Map.entry("/normalizer/strip_accents", "null"), // null: as lower case is
          Map.entry("/normalizer/lowercase", "true"),
          Map.entry("/pre_tokenizer/type", "BertPreTokenizer"),
          Map.entry("/post_processor/type", "TemplateProcessing"),
          Map.entry("/post_processor/single/0/SpecialToken/id", "[CLS]"),
          Map.entry("/post_processor/single/2/SpecialToken/id", "[SEP]"),
          Map.entry("/model/type", "WordPiece"),
          Map.entry("/model/unk_token", "[UNK]"),
          Map.entry(
              "/model/max_input_chars_per_word",
              Integer.toString(TokenBuffer.WORD_CODE_POINTS_MAX)));

  // 30,000 names that occur once each: keeping them in symbol tables doubles the time to read.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final Pattern ID = Pattern.compile("\\d{1,9}");

  private TokenizerFile() {}

  static WordPieceTokenizer read(byte[] json) {
    Map<String, Integer> vocabulary = new HashMap<>();
    Map<String, String> settings = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          JsonStreamContext context = parser.getParsingContext();
          if (context.inObject() && "vocab".equals(context.getParent().getCurrentName())) {
            vocabulary.put(
                parser.currentName(), id(context.pathAsPointer().toString(), parser.getText()));
          } else {
            settings.put(context.pathAsPointer().toString(), parser.getText());
          }
        }
      }
    } catch (IOException e) {
      throw new ModelException("the tokenizer file is damaged", e);
    }
    SUPPORTED.forEach((setting, value) -> require(setting, value, settings.get(setting)));
    if (vocabulary.isEmpty()) {
      throw new ModelException("the tokenizer file has no vocabulary");
    }
    String prefix = settings.getOrDefault("/model/continuing_subword_prefix", "##");
    Map<String, Integer> specials = specials(settings);
    return new WordPieceTokenizer(
        new PieceTrie(vocabulary, prefix),
        specials.get("[UNK]"),
        specials.get("[CLS]"),
        specials.get("[SEP]"));
  }

  private static Map<String, Integer> specials(Map<String, String> settings) {
    Map<String, Integer> specials = new HashMap<>();
    for (int i = 0; settings.containsKey("/added_tokens/" + i + "/content"); i++) {
      String token = "/added_tokens/" + i;
      // A text never holds a special token, but it would hold an added word.
      require(token + "/special", "true", settings.get(token + "/special"));
      specials.put(
          settings.get(token + "/content"), id(token + "/id", settings.get(token + "/id")));
    }
    for (String name : new String[] {"[UNK]", "[CLS]", "[SEP]"}) {
      if (!specials.containsKey(name)) {
        throw new ModelException("the tokenizer file has no special token " + name);
      }
    }
    return specials;
  }

  private static int id(String setting, String value) {
    if (value == null || !ID.matcher(value).matches()) {
      throw new ModelException(
          "the tokenizer file has " + value + " at " + setting + ", not an id");
    }
    return Integer.parseInt(value);
  }

  private static void require(String setting, String supported, String actual) {
    if (!supported.equals(actual)) {
      throw new ModelException(
          "the tokenizer file has " + actual + " at " + setting + ", supported is " + supported);
    }
  }
}
