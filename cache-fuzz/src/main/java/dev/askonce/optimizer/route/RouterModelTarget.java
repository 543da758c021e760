package dev.askonce.optimizer.route;

import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.chat.ChatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** Files of routers, unpacked: refused as documented, or asked, and written as they were read. */
public final class RouterModelTarget implements Target {
  private static final List<Prompt> PROMPTS =
      List.of(Prompt.of(""), Prompt.of("Why is 7 a prime? ```java\nint a;\n``` A) b C) d"));

  @Override
  public void run(byte[] input) throws IOException {
    RouterModel model;
    try {
      model = RouterModelFile.read(new ByteArrayInputStream(input), "a file");
    } catch (ChatException.InvalidSetting e) {
      return;
    }
    byte[] written = written(model);
    Target.require(
        Arrays.equals(written, Arrays.copyOf(input, written.length)), "written as it was not read");
    float[] vector = new float[model.blend().neighbours().projection().mean().length];
    Arrays.fill(vector, 1);
    for (Prompt prompt : PROMPTS) {
      double need = model.need(prompt, vector);
      Target.require(need >= 0 && need <= 1, "a need of " + need);
    }
  }

  private static byte[] written(RouterModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RouterModelFile.write(model, out);
    return out.toByteArray();
  }

  @Override
  public List<byte[]> seeds() {
    try {
      return List.of(written(model(0)), written(model(2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RouterModel model(int topics) {
    int width = 3;
    LinearScore[] scores = new LinearScore[topics];
    Arrays.setAll(scores, i -> score(width + Standardisation.WIDTH, i));
    Projection projection =
        new Projection(new float[width], new float[][] {{1, 0, 0}, {0, 0.6f, 0.8f}});
    return new RouterModel(
        "weak",
        "strong",
        "embedder",
        100,
        0.5,
        new Blend(
            new Standardisation(
                new float[Kind.COUNT][Feature.COUNT], new float[Kind.COUNT][Feature.COUNT]),
            new Topics(scores, new float[topics]),
            new Neighbours(projection, new byte[] {1, 2, 3, 4, 5, 6}, new float[] {0, 1, 0.5f}),
            score(Standardisation.WIDTH, 0),
            new Blend.Weights(topics, 1, 0.5f)),
        new LogisticScale(1, 0));
  }

  private static LinearScore score(int width, float bias) {
    return new LinearScore(new float[width], bias);
  }
}
