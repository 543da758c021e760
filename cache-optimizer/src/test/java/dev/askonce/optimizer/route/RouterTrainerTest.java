package dev.askonce.optimizer.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.chat.ChatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTrainerTest {
  private static final RouterTrainer TRAINER =
      RouterTrainer.of("small", "large", WordEmbedder.FINGERPRINT);

  @TempDir Path directory;

  private static double[] needs(RouterModel model, List<RoutingSample> samples) {
    return samples.stream().mapToDouble(s -> model.need(s.prompt(), s.vector())).toArray();
  }

  @Test
  void model_ordersPromptsItHasNotSeen_whetherFewOrManyDiffer() {
    for (int count : new int[] {300, 1_600}) {
      RouterModel model = TRAINER.train(Samples.of(count, 1));
      List<RoutingSample> unseen = Samples.of(400, 2);
      RoutingCurve curve = RoutingCurve.of(unseen, needs(model, unseen));
      assertTrue(curve.apgr() > 0.65, count + ": " + curve.apgr());
      assertEquals(count, model.sampleCount());
    }
  }

  @Test
  void need_isAProbability() {
    List<RoutingSample> samples = Samples.of(400, 3);
    double[] needs = needs(TRAINER.train(samples), samples);
    double worse = samples.stream().mapToDouble(s -> Math.max(0, s.gain())).average().orElseThrow();
    assertTrue(Arrays.stream(needs).allMatch(need -> need > 0 && need < 1));
    assertEquals(worse, Arrays.stream(needs).average().orElseThrow(), 0.06);
  }

  @Test
  void training_isRepeatable() {
    List<RoutingSample> samples = Samples.of(200, 4);
    assertArrayEquals(
        needs(TRAINER.train(samples), samples), needs(TRAINER.train(samples), samples));
  }

  @Test
  void crossValidation_doesNotSeeWhatItJudges() {
    // Labels without any system: a model that had seen them would order them.
    List<RoutingSample> noise =
        Samples.of(300, 5).stream()
            .map(
                s ->
                    new RoutingSample(
                        s.prompt(), s.vector(), "", s.prompt().text().hashCode() & 1, 1))
            .toList();
    double apgr = RoutingCurve.of(noise, TRAINER.crossValidate(noise)).apgr();
    assertEquals(0.5, apgr, 0.12);
  }

  @Test
  void crossValidation_needsNoMoreThanTraining() {
    List<RoutingSample> samples = Samples.of(RouterTrainer.SAMPLES_MIN, 12);
    double[] needs = TRAINER.crossValidate(samples);
    assertTrue(RoutingCurve.of(samples, needs).apgr() > 0.6);
    assertTrue(Arrays.stream(needs).allMatch(need -> need > 0 && need < 1));
  }

  @Test
  void file_holdsTheModel() throws IOException {
    List<RoutingSample> samples = Samples.of(200, 6);
    RouterModel model = TRAINER.train(samples);
    Path file = directory.resolve("a.router");
    model.write(file);
    RouterModel read = RouterModel.read(file);
    assertArrayEquals(needs(model, samples), needs(read, samples));
    assertEquals("small", read.weakModel());
    assertEquals("large", read.strongModel());
    assertEquals(model.threshold(), read.threshold());
  }

  private static byte[] unpacked(byte[] file) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    }
  }

  @Test
  void damagedFile_isRefused() throws IOException {
    Path file = directory.resolve("a.router");
    TRAINER.train(Samples.of(150, 7)).write(file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThrows(ChatException.InvalidSetting.class, () -> RouterModel.read(file));
    Files.writeString(file, "no model");
    assertThrows(ChatException.InvalidSetting.class, () -> RouterModel.read(file));
    byte[] plain = unpacked(bytes);
    for (int i = 0; i < 200; i++) {
      // Lengths, names and numbers, one after the other.
      byte[] changed = plain.clone();
      Arrays.fill(changed, 12 + i, 16 + i, (byte) 0x7f);
      try {
        RouterModel read = RouterModelFile.read(new ByteArrayInputStream(changed), "changed");
        double need = read.need(Prompt.of("why?"), WordEmbedder.vector("why?"));
        assertTrue(need >= 0 && need <= 1, i + ": " + need);
      } catch (ChatException.InvalidSetting e) {
        assertEquals("changed is damaged", e.getMessage());
      }
    }
  }

  @Test
  void fewSamplesAndEqualModels_areRefused() {
    assertThrows(ChatException.InvalidSetting.class, () -> TRAINER.train(Samples.of(99, 8)));
    List<RoutingSample> equal =
        Samples.of(100, 9).stream()
            .map(s -> new RoutingSample(s.prompt(), s.vector(), "", 1, 1))
            .toList();
    assertThrows(ChatException.InvalidSetting.class, () -> TRAINER.train(equal));
  }

  @Test
  void foreignEmbedder_isRefusedByName() {
    RouterModel model = TRAINER.train(Samples.of(100, 10));
    model.requireEmbedder(WordEmbedder.FINGERPRINT);
    ChatException.InvalidSetting refusal =
        assertThrows(
            ChatException.InvalidSetting.class, () -> model.requireEmbedder("another one"));
    assertTrue(refusal.getMessage().contains("another one"));
  }

  @Test
  void shippedModels_areWhole() {
    for (RouterModel.Shipped pair : RouterModel.Shipped.values()) {
      RouterModel model = RouterModel.shipped(pair);
      assertTrue(model.embedder().startsWith("all-MiniLM-L6-v2-q"), pair.label());
      assertTrue(model.sampleCount() > 1_000 && model.threshold() > 0, pair.label());
      assertThrows(
          ChatException.InvalidSetting.class,
          () -> ClassifierRouter.builder(model, new WordEmbedder()));
    }
  }
}
