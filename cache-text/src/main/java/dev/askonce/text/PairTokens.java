package dev.askonce.text;

/**
 * Two texts as one row of a BERT's input: {@code [CLS] first [SEP] second [SEP]}.
 *
 * @param ids the ids of all tokens
 * @param secondStart how many of them belong to the first text, with the two that frame it; the
 *     rest have token type 1
 * @param complete whether the tokens say all of both texts
 */
public record PairTokens(int[] ids, int secondStart, boolean complete) {}
