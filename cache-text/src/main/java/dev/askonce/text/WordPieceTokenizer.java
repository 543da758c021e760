package dev.askonce.text;

/**
 * BERT's uncased WordPiece tokenizer: splits a text into words and each word into the longest
 * pieces of the vocabulary, first to last; a word with a part that is no piece is one unknown token
 * (Wu et al. 2016, Devlin et al. 2019). Every text is framed by {@code [CLS]} and {@code [SEP]}; an
 * empty one is these two alone. What a text itself says is never a control token: a {@code [SEP]}
 * in it is punctuation and a word.
 *
 * <p>Threading: immutable and thread-safe; each thread brings its own {@link TokenBuffer}. A call
 * makes one pass, allocates nothing once the characters of a script have been seen, and stops
 * reading as soon as a token is certain to be cut.
 */
final class WordPieceTokenizer {
  private final FoldedCharacters characters = new FoldedCharacters();
  private final PieceTrie pieces;
  private final int unknown;
  private final int first;
  private final int last;

  /**
   * @param unknown the token of a word outside the vocabulary
   * @param first the token before every text
   * @param last the token behind every text
   */
  WordPieceTokenizer(PieceTrie pieces, int unknown, int first, int last) {
    this.pieces = pieces;
    this.unknown = unknown;
    this.first = first;
    this.last = last;
  }

  /** Replaces the content of {@code tokens} by the ids of {@code text}. */
  void encode(String text, TokenBuffer tokens) {
    tokens.start(first);
    append(text, tokens);
    tokens.finish(last);
  }

  /**
   * Replaces the content of {@code tokens} by the ids of two texts, one after the other: {@code
   * [CLS] one [SEP] two [SEP]}. A pair that is too long loses its end, as a text does.
   */
  void encodePair(String one, String two, TokenBuffer tokens) {
    tokens.start(first);
    append(one, tokens);
    if (!tokens.overfull()) {
      tokens.startSecond(last);
      append(two, tokens);
    }
    tokens.finish(last);
  }

  private void append(String text, TokenBuffer tokens) {
    for (int i = 0; i < text.length() && !tokens.overfull(); ) {
      int codePoint = text.codePointAt(i);
      accept(codePoint, tokens);
      i += Character.charCount(codePoint);
    }
    endWord(tokens);
  }

  private void accept(int codePoint, TokenBuffer tokens) {
    int entry = characters.entry(codePoint);
    if (FoldedCharacters.isLossy(entry)) {
      tokens.noteUnread();
    }
    switch (FoldedCharacters.kind(entry)) {
      case FoldedCharacters.LETTER -> tokens.appendToWord(FoldedCharacters.folded(entry));
      case FoldedCharacters.SPACE -> endWord(tokens);
      case FoldedCharacters.ALONE -> {
        endWord(tokens);
        tokens.appendToWord(FoldedCharacters.folded(entry));
        endWord(tokens);
      }
      case FoldedCharacters.EXPANDED -> acceptExpansion(characters.expansion(codePoint), tokens);
      default -> {}
    }
  }

  /** Folded code points fold to themselves, so this goes one level deep. */
  private void acceptExpansion(String expansion, TokenBuffer tokens) {
    for (int i = 0; i < expansion.length(); ) {
      int codePoint = expansion.codePointAt(i);
      accept(codePoint, tokens);
      i += Character.charCount(codePoint);
    }
  }

  private void endWord(TokenBuffer tokens) {
    if (tokens.wordLength() == 0) {
      return;
    }
    int start = tokens.count();
    if (tokens.wordTooLong() || !appendPieces(tokens)) {
      tokens.rewind(start);
      tokens.appendUnknown(unknown);
    }
    tokens.clearWord();
  }

  private boolean appendPieces(TokenBuffer tokens) {
    char[] word = tokens.word();
    int length = tokens.wordLength();
    int root = PieceTrie.WORD;
    for (int i = 0; i < length; root = PieceTrie.CONTINUATION) {
      long piece = pieces.longest(word, i, length, root);
      if (piece == PieceTrie.NONE) {
        return false;
      }
      tokens.append(PieceTrie.id(piece));
      i += PieceTrie.length(piece);
    }
    return true;
  }
}
