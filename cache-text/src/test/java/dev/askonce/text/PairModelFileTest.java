package dev.askonce.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PairModelFileTest {
  private static final ModelFiles FILES =
      ModelFiles.load(SentenceModel.MINI_LM, PairModelFileTest.class.getClassLoader());
  private static final String BIAS = "encoder.layer.0.output.dense.bias";
  private static final String TYPES = "embeddings.token_type_embeddings.weight_quantized";

  private static PairModel model(List<PairModel.Change> changes) {
    float[] head = new float[SentenceModel.DIMENSION];
    for (int i = 0; i < head.length; i++) {
      head[i] = i / 7f;
    }
    return new PairModel(
        ModelFiles.sha256(FILES.model()),
        ModelFiles.sha256(FILES.tokenizer()),
        128,
        new PairHead(head, head, head, -0.5f),
        new PairCalibration(
            0.1, 1.2, -3, new double[] {0.02, 0.1}, new double[] {Double.POSITIVE_INFINITY, 0.6}),
        changes);
  }

  private static final byte[] FILE =
      PairModelFile.write(model(List.of(new PairModel.Change(TYPES, new byte[] {1, -2, 3}, null))));

  @Test
  void read_whatWasWritten_isTheSame() {
    PairModel read = PairModelFile.read(FILE);
    PairModel written = model(List.of());
    assertEquals(written.modelSha256(), read.modelSha256());
    assertEquals(written.tokenizerSha256(), read.tokenizerSha256());
    assertEquals(128, read.tokensMax());
    assertArrayEquals(written.head().first(), read.head().first());
    assertArrayEquals(written.head().product(), read.head().product());
    assertArrayEquals(written.head().distance(), read.head().distance());
    assertEquals(-0.5f, read.head().bias());
    assertEquals(
        written.calibration().probability(0.3, 0.9f), read.calibration().probability(0.3, 0.9f));
    assertEquals(0.6, read.calibration().leastProbability(0.1));
    assertEquals(TYPES, read.changes().getFirst().tensor());
    assertArrayEquals(new byte[] {1, -2, 3}, read.changes().getFirst().steps());
  }

  @Test
  void read_anyByteDamaged_isRefused() {
    for (int i = 0; i < FILE.length; i++) {
      byte[] damaged = FILE.clone();
      damaged[i] ^= 0x10;
      assertThrows(ModelException.class, () -> PairModelFile.read(damaged), "byte " + i);
    }
  }

  @Test
  void read_anyLengthCut_isRefused() {
    for (int length = 0; length < FILE.length; length++) {
      byte[] cut = Arrays.copyOf(FILE, length);
      assertThrows(ModelException.class, () -> PairModelFile.read(cut), "length " + length);
    }
  }

  @Test
  void read_damagedUnderAFreshChecksum_isRefusedOrReadWithoutAnotherError() {
    for (int i = 12; i < FILE.length; i++) {
      byte[] damaged = FILE.clone();
      damaged[i] ^= 0x10;
      CRC32C crc = new CRC32C();
      crc.update(damaged, 12, damaged.length - 12);
      for (int shift = 0; shift < 4; shift++) {
        damaged[8 + shift] = (byte) (crc.getValue() >>> (24 - 8 * shift));
      }
      try {
        PairModelFile.read(damaged);
      } catch (ModelException e) {
        assertTrue(e.getMessage().contains("pair model"), e.getMessage());
      }
    }
  }

  @Test
  void patched_changes_areInTheTensorsAndNowhereElse() {
    OnnxFile file = new OnnxFile(FILES.model());
    float[] bias = file.values(file.tensor(BIAS));
    bias[5] += 1;
    byte[] steps = new byte[2 * SentenceModel.DIMENSION];
    steps[0] = 1;
    steps[767] = -1;
    PairModel model =
        model(
            List.of(
                new PairModel.Change(BIAS, null, bias), new PairModel.Change(TYPES, steps, null)));
    byte[] patched = model.patched(FILES);
    assertEquals(FILES.model().length, patched.length);
    OnnxFile after = new OnnxFile(patched);
    assertArrayEquals(bias, after.values(after.tensor(BIAS)));
    float[] types = file.values(file.tensor(TYPES));
    float[] typesAfter = after.values(after.tensor(TYPES));
    assertEquals((types[0] + 1) % 256, typesAfter[0]);
    assertEquals((types[767] + 255) % 256, typesAfter[767]);
    int different = 0;
    for (int i = 0; i < patched.length; i++) {
      different += patched[i] == FILES.model()[i] ? 0 : 1;
    }
    assertTrue(different >= 3 && different <= 2 + Float.BYTES, different + " bytes differ");
  }

  @Test
  void patched_tensorOfAnotherSizeOrKind_isRefused() {
    for (PairModel.Change change :
        List.of(
            new PairModel.Change(TYPES, new byte[3], null),
            new PairModel.Change(TYPES, null, new float[2 * SentenceModel.DIMENSION]),
            new PairModel.Change(BIAS, new byte[SentenceModel.DIMENSION], null),
            new PairModel.Change("no such tensor", new byte[1], null))) {
      assertThrows(ModelException.class, () -> model(List.of(change)).patched(FILES));
    }
  }

  @Test
  void patched_otherModelOrTokenizer_isRefusedWithBothHashes() {
    byte[] otherModel = FILES.model().clone();
    otherModel[otherModel.length - 1]++;
    byte[] otherTokenizer = FILES.tokenizer().clone();
    otherTokenizer[0]++;
    for (ModelFiles foreign :
        List.of(
            new ModelFiles(otherModel, FILES.tokenizer()),
            new ModelFiles(FILES.model(), otherTokenizer))) {
      ModelException refusal =
          assertThrows(ModelException.class, () -> model(List.of()).patched(foreign));
      assertTrue(refusal.getMessage().contains("train it again"), refusal.getMessage());
    }
  }

  @Test
  void onnxFile_cutAnywhere_isRefusedOrHasItsTensors() {
    for (int length = 0; length < FILES.model().length; length += 1_234_567) {
      byte[] cut = Arrays.copyOf(FILES.model(), length);
      assertThrows(ModelException.class, () -> new OnnxFile(cut), "length " + length);
    }
  }

  @Test
  void calibration_accepted_countsTheNextLowerMeasuredShare() {
    PairCalibration calibration = model(List.of()).calibration();
    assertEquals(Double.POSITIVE_INFINITY, calibration.leastProbability(0));
    assertEquals(Double.POSITIVE_INFINITY, calibration.leastProbability(0.09));
    assertEquals(0.6, calibration.leastProbability(0.1));
    assertEquals(0.6, calibration.leastProbability(1));
  }
}
