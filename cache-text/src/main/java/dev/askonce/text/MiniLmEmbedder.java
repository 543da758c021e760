package dev.askonce.text;

import dev.askonce.engine.spi.Embedding;

/**
 * all-MiniLM-L6-v2 (Wang et al. 2020, Reimers and Gurevych 2019) in the JVM, quantised to 8 bits:
 * an English sentence becomes a vector of {@value #DIMENSION} floats and unit length whose dot
 * product with another is the cosine. An empty or blank text has a vector too, that of a text
 * without words; it is the same for all blank texts.
 *
 * <p>A text longer than the token limit is embedded by its beginning and reported as {@linkplain
 * Embedding#truncated truncated}. So is a text with a word outside the vocabulary (an emoji, a word
 * in a script it hardly covers, one of over 100 characters): the model sees one and the same
 * unknown token for all of them. And so is one with vowel, tone or voicing marks of scripts other
 * than Latin, Greek and Cyrillic, which the model drops as if they were accents.
 *
 * <p>The model is uncased and folds accents, so texts that differ in these alone, in control
 * characters or in white space beside punctuation have cosine 1.
 *
 * <p>Threading: safe for any number of threads, virtual ones included; inference runs on threads of
 * its own. Equal texts give equal vectors in one process, alone or in a list, whoever else is
 * asking. Across processors of different kinds the 8-bit arithmetic rounds differently.
 *
 * <p>Holds about 100 MB of native memory until closed.
 */
public final class MiniLmEmbedder extends OnnxEmbedder {
  /** Components of a vector. */
  public static final int DIMENSION = SentenceModel.DIMENSION;

  MiniLmEmbedder(ModelFiles files, int tokensMax, int runsMax, int threadsPerRun, int queuedMax) {
    super(SentenceModel.MINI_LM, files, tokensMax, runsMax, threadsPerRun, queuedMax);
  }

  /** {@return an embedder with the settings of {@link MiniLmEmbedderBuilder}'s defaults} */
  public static MiniLmEmbedder open() {
    return builder().open();
  }

  /** {@return settings to open an embedder with} */
  public static MiniLmEmbedderBuilder builder() {
    return new MiniLmEmbedderBuilder();
  }
}
