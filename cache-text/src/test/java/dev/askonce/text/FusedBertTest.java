package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FusedBertTest {
  /**
   * On processors with AVX-512 VNNI the states are equal to the bit. Others may add in another
   * order, and a last bit can move a step of the quantisation.
   */
  private static final double COSINE_MIN = 0.9995;

  private static final int TOKENS_MAX = 256;
  private static final int WORDS_FIRST = 1996;
  private static final int WORDS = 25_000;

  private static final ModelFiles FILES = files(SentenceModel.MINI_LM);

  private static ModelFiles files(SentenceModel model) {
    return ModelFiles.load(model, FusedBertTest.class.getClassLoader());
  }

  @Test
  void of_embeddersModel_givesTheSameStates() throws Exception {
    assertSameStates(FILES.model(), 60);
  }

  @Test
  void of_modelOfTwelveLayers_givesTheSameStates() throws Exception {
    assertSameStates(files(SentenceModel.BGE_SMALL).model(), 15);
  }

  @Test
  void of_verifiersWeights_givesTheSameStates() throws Exception {
    try (var in = CrossEncoder.class.getResourceAsStream(CrossEncoderBuilder.SHIPPED)) {
      assertSameStates(PairModelFile.read(in.readAllBytes()).patched(FILES), 60);
    }
  }

  @Test
  void of_otherOperatorOrConstant_isLeftAsItIs() {
    byte[] softmax = "Softmax".getBytes(StandardCharsets.UTF_8);
    byte[] epsilon = new OnnxMessage().fraction(1, 1e-12f).toBytes();
    for (byte[] changed : List.of(softmax, Arrays.copyOfRange(epsilon, 1, epsilon.length))) {
      byte[] other = FILES.model().clone();
      other[indexOf(other, changed)]++;
      assertSame(other, FusedBert.of(other));
    }
  }

  @Test
  void of_otherZeroPoint_isLeftAsItIs() {
    String name = "embeddings.position_embeddings.weight_zero_point";
    byte[] other = FILES.model().clone();
    // A stored tensor's name follows its values.
    other[indexOf(other, new OnnxMessage().text(8, name).toBytes()) - 1]++;
    assertEquals(
        zero(FILES.model(), name) + 128, zero(other, name), "the change is not where it should be");
    assertSame(other, FusedBert.of(other));
  }

  @Test
  void of_modelWithoutMaskOrLayers_isLeftAsItIs() {
    byte[] tiny = TinyOnnxModel.tokenClassifier(new float[][] {{1, 2}}, "input_ids");
    assertSame(tiny, FusedBert.of(tiny));
  }

  private static void assertSameStates(byte[] model, int rows) throws OrtException {
    byte[] fused = FusedBert.of(model);
    assertNotSame(model, fused);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    OrtSession original = OnnxRuntimeLibrary.session(model);
    OrtSession rewritten = OnnxRuntimeLibrary.session(fused);
    try (OnnxRun expected = new OnnxRun(original, TOKENS_MAX);
        OnnxRun actual = new OnnxRun(rewritten, TOKENS_MAX)) {
      for (int row = 0; row < rows; row++) {
        TokenBuffer tokens = tokens(random);
        int count = tokens.count() * SentenceModel.DIMENSION;
        double cosine =
            cosine(floats(expected.states(tokens), count), floats(actual.states(tokens), count));
        assertTrue(
            cosine >= COSINE_MIN,
            "row " + row + " of " + tokens.count() + " tokens, seed " + seed + ": " + cosine);
      }
    } finally {
      OnnxRuntimeLibrary.free(original);
      OnnxRuntimeLibrary.free(rewritten);
    }
  }

  /** Random words: the last bits of their states differ where any sum is added in another order. */
  private static TokenBuffer tokens(Random random) {
    TokenBuffer tokens = new TokenBuffer(TOKENS_MAX);
    int words = random.nextInt(random.nextBoolean() ? 20 : TOKENS_MAX);
    int second = random.nextInt(2 * words + 1);
    tokens.start(101);
    for (int word = 0; word < words; word++) {
      if (word == second) {
        tokens.startSecond(102);
      }
      tokens.append(WORDS_FIRST + random.nextInt(WORDS));
    }
    tokens.finish(102);
    return tokens;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squaresOfA * squaresOfB);
  }

  private static float[] floats(FloatBuffer states, int count) {
    float[] floats = new float[count];
    states.get(0, floats);
    return floats;
  }

  private static float zero(byte[] model, String name) {
    OnnxFile file = new OnnxFile(model);
    return file.values(file.tensor(name))[0];
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    int at = 0;
    while (!Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
      at++;
    }
    return at;
  }
}
