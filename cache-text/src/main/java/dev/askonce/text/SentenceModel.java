package dev.askonce.text;

/** The models that can be run: BERTs of 384 dimensions, each in a Maven artifact of its own. */
enum SentenceModel {
  MINI_LM("all-MiniLM-L6-v2-q", "all-minilm-l6-v2-q", "all-minilm-l6-v2-q", Pooling.MEAN),
  BGE_SMALL("bge-small-en-v1.5-q", "bge-small-en-v15-q", "bge-small-en-v1.5-q", Pooling.CLS);

  /** How the states of all tokens become one vector. */
  enum Pooling {
    /** The mean of all states. */
    MEAN,
    /** The state of the first token, {@code [CLS]}. */
    CLS;

    @Override
    public String toString() {
      return this == MEAN ? "mean" : "cls";
    }
  }

  /** Components of a vector, and of a token's state. */
  static final int DIMENSION = 384;

  /** Tokens that each model has positions for. */
  static final int TOKENS_LIMIT = 512;

  private static final String ARTIFACTS = "dev.langchain4j:langchain4j-embeddings-";

  private final String title;
  private final String artifact;
  private final String resource;
  private final Pooling pooling;

  SentenceModel(String title, String artifact, String resource, Pooling pooling) {
    this.title = title;
    this.artifact = ARTIFACTS + artifact;
    this.resource = resource;
    this.pooling = pooling;
  }

  /** {@return the name that begins the fingerprint} */
  String title() {
    return title;
  }

  String artifact() {
    return artifact;
  }

  String modelFile() {
    return resource + ".onnx";
  }

  String tokenizerFile() {
    return resource + "-tokenizer.json";
  }

  Pooling pooling() {
    return pooling;
  }
}
