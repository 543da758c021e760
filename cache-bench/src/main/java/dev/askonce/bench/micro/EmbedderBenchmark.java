package dev.askonce.bench.micro;

import dev.askonce.engine.spi.Embedding;
import dev.askonce.text.MiniLmEmbedder;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does the embedder take, beside LangChain4j's class over the same model file: one short
 * question, and sixteen of them at once? Both use what threads they use by default; ours also two
 * threads a text, as LangChain4j's does on two processors. The vectors have to be the same to a
 * cosine of 0.999.
 *
 * <pre>./askonce bench jmh EmbedderBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EmbedderBenchmark {
  private static final Duration AMPLE = Duration.ofSeconds(10);
  private static final double COSINE_MIN = 0.999;

  private final List<String> questions = Questions.asked();
  private final List<TextSegment> segments = questions.stream().map(TextSegment::from).toList();
  private MiniLmEmbedder own;
  private MiniLmEmbedder wide;
  private EmbeddingModel langChain4j;
  private int asked;

  @Setup
  public void open() throws TimeoutException {
    own = MiniLmEmbedder.open();
    wide = MiniLmEmbedder.builder().threadsPerText(2).open();
    langChain4j = new AllMiniLmL6V2QuantizedEmbeddingModel();
    List<Embedding> vectors = own.embedAll(questions, AMPLE);
    for (int i = 0; i < questions.size(); i++) {
      float[] other = langChain4j.embed(questions.get(i)).content().vector();
      double cosine = cosine(vectors.get(i).vector(), other);
      BenchCache.check(cosine >= COSINE_MIN, "vectors differ: " + cosine);
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      squaresA += a[i] * a[i];
      squaresB += b[i] * b[i];
    }
    return dot / Math.sqrt(squaresA * squaresB);
  }

  private int next() {
    return asked++ % questions.size();
  }

  @Benchmark
  public Object one() throws TimeoutException {
    return own.embed(questions.get(next()), AMPLE);
  }

  @Benchmark
  public Object one_twoThreads() throws TimeoutException {
    return wide.embed(questions.get(next()), AMPLE);
  }

  @Benchmark
  public Object oneOfLangChain4j() {
    return langChain4j.embed(questions.get(next()));
  }

  @Benchmark
  public Object sixteen() throws TimeoutException {
    return own.embedAll(questions, AMPLE);
  }

  @Benchmark
  public Object sixteen_twoThreads() throws TimeoutException {
    return wide.embedAll(questions, AMPLE);
  }

  @Benchmark
  public Object sixteenOfLangChain4j() {
    return langChain4j.embedAll(segments);
  }

  @TearDown
  public void close() {
    own.close();
    wide.close();
  }
}
