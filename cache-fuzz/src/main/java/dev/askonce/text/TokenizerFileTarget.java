package dev.askonce.text;

import dev.askonce.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A {@code tokenizer.json}: refused as documented, or it tokenises. */
public final class TokenizerFileTarget implements Target {
  private static final int TOKENS_MAX = 16;

  static final String FILE =
      "{\"added_tokens\":[{\"id\":0,\"content\":\"[UNK]\",\"special\":true},"
          + "{\"id\":1,\"content\":\"[CLS]\",\"special\":true},"
          + "{\"id\":2,\"content\":\"[SEP]\",\"special\":true}],"
          + "\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,"
          + "\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true},"
          + "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
          + "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":["
          + "{\"SpecialToken\":{\"id\":\"[CLS]\"}},{},{\"SpecialToken\":{\"id\":\"[SEP]\"}}]},"
          + "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
          + "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":100,"
          + "\"vocab\":{\"a\":3,\"##b\":4,\"ab\":5,\"!\":6,\"\u4e2d\":7,\"##\":8}}}";

  @Override
  public void run(byte[] input) {
    WordPieceTokenizer tokenizer;
    try {
      tokenizer = TokenizerFile.read(input);
    } catch (ModelException e) {
      return;
    }
    TokenBuffer tokens = new TokenBuffer(TOKENS_MAX);
    tokenizer.encode("abba ab! xyz", tokens);
    Target.require(tokens.count() >= 2 && tokens.count() <= TOKENS_MAX, "tokens");
    for (int i = 0; i < tokens.count(); i++) {
      Target.require(tokens.ids()[i] >= 0, "a token below none");
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(FILE.getBytes(StandardCharsets.UTF_8));
  }
}
