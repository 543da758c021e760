package dev.askonce.text;

import dev.askonce.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Texts, unpaired surrogates included: framed, within their limit, whatever was read before. */
public final class TokensTarget implements Target {
  private static final int TOKENS_MAX = 12;
  private static final int UNKNOWN = 0;
  private static final int FIRST = 1;
  private static final int LAST = 2;
  private static final int TOKENS = 9;

  private final WordPieceTokenizer tokenizer =
      TokenizerFile.read(TokenizerFileTarget.FILE.getBytes(StandardCharsets.UTF_8));
  private final TokenBuffer used = new TokenBuffer(TOKENS_MAX);

  @Override
  public void run(byte[] input) {
    check(new String(input, StandardCharsets.UTF_8));
    check(new String(input, StandardCharsets.UTF_16LE));
    char[] chars = new char[input.length / 2];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) (input[2 * i] << 8 | input[2 * i + 1] & 0xFF);
    }
    check(new String(chars));
  }

  private void check(String text) {
    tokenizer.encode(text, used);
    long[] ids = Arrays.copyOf(used.ids(), used.count());
    Target.require(ids.length >= 2 && ids.length <= TOKENS_MAX, "tokens");
    Target.require(ids[0] == FIRST && ids[ids.length - 1] == LAST, "the frame");
    boolean unknown = false;
    for (int i = 1; i < ids.length - 1; i++) {
      Target.require(
          ids[i] >= 0 && ids[i] < TOKENS && ids[i] != FIRST && ids[i] != LAST, "a control token");
      unknown |= ids[i] == UNKNOWN;
    }
    Target.require(!unknown || used.hasUnread(), "an unknown word that was read");
    TokenBuffer fresh = new TokenBuffer(TOKENS_MAX);
    tokenizer.encode(text, fresh);
    Target.require(
        Arrays.equals(ids, Arrays.copyOf(fresh.ids(), fresh.count()))
            && used.truncated() == fresh.truncated()
            && used.hasUnread() == fresh.hasUnread(),
        "other tokens than in a new buffer");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        "ab Abba! \u4e2d\u00c4 [SEP]".getBytes(StandardCharsets.UTF_8),
        "ab \ud83d\ude00 \ufb01 \u0130".getBytes(StandardCharsets.UTF_16LE));
  }
}
