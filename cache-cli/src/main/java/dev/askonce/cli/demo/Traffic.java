package dev.askonce.cli.demo;

import dev.askonce.cli.demo.KnowledgeBase.Intent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Who asks what, when: the same for the same seed.
 *
 * <p>Half of the requests are for near misses. Which intent is asked follows Zipf's law over a
 * popularity that the seed shuffles. Part of the intents is known from the start, the others become
 * known one by one, as products and rules do. A visitor often sends words that somebody sent before
 * (a button, a suggestion, a habit) and else asks in one of the other ways.
 */
public final class Traffic {
  /** One request. */
  public record Visit(Tenant tenant, Intent intent, String text) {}

  /** A shop whose staff asks, and its share of the requests. */
  public enum Tenant {
    BLUEBIRD("Bluebird Books", 0.5),
    COPPER_KETTLE("Copper Kettle Coffee", 0.3),
    TALL_PINE("Tall Pine Outdoor", 0.2);

    private final String shop;
    private final double share;

    Tenant(String shop, double share) {
      this.shop = shop;
      this.share = share;
    }

    public String shop() {
      return shop;
    }
  }

  private static final double ZIPF_EXPONENT = 1.0;
  private static final double KNOWN_AT_START = 0.4;
  private static final double SAME_WORDS = 0.35;
  private static final double NEAR_MISS_SHARE = 0.5;

  /** Intents in the order of how often they are asked. */
  private static final class Ranking {
    private final List<Intent> byPopularity;
    private final double[] weightUpTo;

    Ranking(List<Intent> intents, Random random) {
      byPopularity = new ArrayList<>(intents);
      Collections.shuffle(byPopularity, random);
      weightUpTo = new double[byPopularity.size() + 1];
      for (int rank = 0; rank < byPopularity.size(); rank++) {
        weightUpTo[rank + 1] = weightUpTo[rank] + 1 / Math.pow(rank + 1, ZIPF_EXPONENT);
      }
    }

    /**
     * Popular intents are not the oldest ones: what is known by now is spread over all ranks, and a
     * rank that is not known yet is drawn again.
     */
    Intent draw(Random random, double known) {
      while (true) {
        double at = random.nextDouble() * weightUpTo[byPopularity.size()];
        int rank = 0;
        while (weightUpTo[rank + 1] < at) {
          rank++;
        }
        if (arrival(rank) <= known) {
          return byPopularity.get(rank);
        }
      }
    }

    /** {@return when a rank becomes known, from 0 to 1, scattered over the ranks} */
    private static double arrival(int rank) {
      double scattered = rank * 0.6180339887498949;
      return scattered - Math.floor(scattered);
    }
  }

  private final Random random;
  private final Ranking topics;
  private final Ranking nearMisses;
  private final int requests;
  private final Map<Intent, List<String>> asked = new HashMap<>();
  private int sent;

  public Traffic(KnowledgeBase base, int requests, long seed) {
    this.requests = requests;
    random = new Random(seed);
    topics = ranking(base, false);
    nearMisses = ranking(base, true);
  }

  private Ranking ranking(KnowledgeBase base, boolean nearMiss) {
    return new Ranking(
        base.intents().stream().filter(intent -> intent.nearMiss() == nearMiss).toList(), random);
  }

  /** {@return the next request} */
  public Visit next() {
    Tenant tenant = tenant();
    Intent intent = intent();
    List<String> before = asked.computeIfAbsent(intent, i -> new ArrayList<>());
    List<String> ways = intent.phrasings();
    String text =
        !before.isEmpty() && random.nextDouble() < SAME_WORDS
            ? before.get(random.nextInt(before.size()))
            : ways.get(random.nextInt(ways.size()));
    before.add(text);
    sent++;
    return new Visit(tenant, intent, text);
  }

  private Tenant tenant() {
    double at = random.nextDouble();
    for (Tenant tenant : Tenant.values()) {
      at -= tenant.share;
      if (at < 0) {
        return tenant;
      }
    }
    return Tenant.TALL_PINE;
  }

  private Intent intent() {
    double known = KNOWN_AT_START + (1 - KNOWN_AT_START) * sent / requests;
    return (random.nextDouble() < NEAR_MISS_SHARE ? nearMisses : topics).draw(random, known);
  }
}
