package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.embed.Dot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers what prompts were found to need, so that a paraphrase gets the same route: the need of
 * a prompt is that of the most similar earlier one of its tenant, if that is similar enough and
 * their needs are not far apart. A prompt that none is near is remembered itself. Thread-safe.
 *
 * <p>Holds a vector for each remembered prompt, 1.5 KB of 384 components, and no text. A full
 * tenant forgets its oldest prompt, a full memory the tenant that has asked nothing for longest.
 */
public final class RouteMemory {
  /* The scan is linear. At 1,024 prompts of 384 components it takes about as long as the rest of
   * the router; more would be felt in the overhead of a miss. */
  private static final int PROMPTS_MAX = 1_024;
  private static final int TENANTS_MAX = 256;

  /* How fast a known question counts less with its distance: by exp(3.3 cosine). Of the demo's
   * paraphrases 94.5 to 95.2% keep their question's route without any averaging, by the model;
   * 95.0 to 95.9% with this. */
  private static final double SHARPNESS = 1 / 0.3;

  private final double cosineMin;
  private final double bandWidth;
  private final Map<String, Remembered> tenants;

  private RouteMemory(double cosineMin, double bandWidth) {
    this.cosineMin = cosineMin;
    this.bandWidth = bandWidth;
    tenants =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > TENANTS_MAX;
          }
        };
  }

  /** {@return an empty memory with the settings that the guide's figures are of} */
  public static RouteMemory standard() {
    return of(0.3, 0.1);
  }

  /**
   * {@return an empty memory}
   *
   * @param cosineMin how similar an earlier prompt must be, 0 to 1: the lower, the more stable is a
   *     route and the less the prompt itself decides it
   * @param bandWidth how far the prompt's own need may lie from the earlier one's, 0 to 1
   */
  public static RouteMemory of(double cosineMin, double bandWidth) {
    if (!(cosineMin >= 0 && cosineMin <= 1 && bandWidth >= 0 && bandWidth <= 1)) {
      throw new ChatException.InvalidSetting(
          "cosineMin " + cosineMin + " and bandWidth " + bandWidth + " are not both from 0 to 1");
    }
    return new RouteMemory(cosineMin, bandWidth);
  }

  /**
   * {@return the need to route by}
   *
   * @param tenant whose prompt it is; tenants share nothing
   * @param vector of unit length; not to be changed afterwards
   * @param need the prompt's own
   */
  public double settle(String tenant, float[] vector, double need) {
    return remembered(tenant).settle(vector, need);
  }

  /**
   * Remembers questions that are known before they are asked, such as those of a knowledge base,
   * instead of what the tenant has asked. Each gets the mean need of all of them, near ones
   * counting more: where a paraphrase is taken for another question, that one is near, and its need
   * is much the same.
   *
   * @param vectors of unit length, at most 1,024; not to be changed afterwards
   * @param needs of the questions alone
   */
  public void learn(String tenant, List<float[]> vectors, double[] needs) {
    if (vectors.size() != needs.length || needs.length > PROMPTS_MAX) {
      throw new ChatException.InvalidSetting(
          vectors.size()
              + " questions with "
              + needs.length
              + " needs; give as many of both, at most "
              + PROMPTS_MAX);
    }
    Remembered known = new Remembered();
    for (int i = 0; i < needs.length; i++) {
      double sum = 0;
      double weights = 0;
      for (int j = 0; j < needs.length; j++) {
        double weight = Math.exp(SHARPNESS * Dot.of(vectors.get(i), vectors.get(j)));
        sum += weight * needs[j];
        weights += weight;
      }
      known.remember(vectors.get(i), sum / weights);
    }
    synchronized (tenants) {
      tenants.put(tenant, known);
    }
  }

  private Remembered remembered(String tenant) {
    synchronized (tenants) {
      return tenants.computeIfAbsent(tenant, key -> new Remembered());
    }
  }

  /** The prompts of a tenant, in a ring. */
  private final class Remembered {
    private final float[][] vectors = new float[PROMPTS_MAX][];
    private final double[] needs = new double[PROMPTS_MAX];
    private long count;

    synchronized double settle(float[] vector, double need) {
      int nearest = -1;
      float highest = (float) cosineMin;
      int kept = (int) Math.min(count, PROMPTS_MAX);
      for (int i = 0; i < kept; i++) {
        float cosine = Dot.of(vectors[i], vector);
        if (cosine >= highest) {
          highest = cosine;
          nearest = i;
        }
      }
      if (nearest >= 0 && Math.abs(needs[nearest] - need) <= bandWidth) {
        return needs[nearest];
      }
      remember(vector, need);
      return need;
    }

    synchronized void remember(float[] vector, double need) {
      int at = (int) (count++ % PROMPTS_MAX);
      vectors[at] = vector;
      needs[at] = need;
    }
  }
}
