package dev.askonce.bench.evict;

import dev.askonce.bench.data.Progress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Every contender on every trace under every budget. */
public final class Evictions {
  /** Below this share of W-TinyLFU's saved cost a difference is more than the draws of both. */
  private static final double NOISE = 0.99;

  private final Settings settings;
  private final Set<Contender> contenders;
  private final Progress progress;

  public Evictions(Settings settings, Progress progress) {
    this(settings, EnumSet.allOf(Contender.class), progress);
  }

  Evictions(Settings settings, Set<Contender> contenders, Progress progress) {
    this.settings = settings;
    this.contenders = contenders;
    this.progress = progress;
  }

  /** Measures, telling each row as it comes. */
  public void run(Consumer<Row> rows) {
    for (int size : settings.entries()) {
      measure(new Budget(Budget.Kind.ENTRIES, size), size, rows);
    }
    for (long size : settings.bytes()) {
      measure(new Budget(Budget.Kind.BYTES, size), (int) (size / Trace.BYTES), rows);
    }
  }

  private void measure(Budget budget, int entries, Consumer<Row> rows) {
    for (Trace trace : Trace.values()) {
      Requests requests = trace.make(settings.requests(), entries, settings.seed());
      for (Contender contender : contenders) {
        progress.tell(() -> trace.label() + ", " + budget.label() + ", " + contender.label());
        rows.accept(measure(requests, contender, budget));
      }
    }
  }

  private Row measure(Requests requests, Contender contender, Budget budget) {
    Policy policy = contender.policy(requests, budget, settings.seed());
    long hits = 0;
    double saved = 0;
    double cost = 0;
    double bytesHit = 0;
    double bytes = 0;
    for (int key : requests.keys()) {
      cost += requests.cost()[key];
      bytes += requests.bytes()[key];
      if (policy.request(key)) {
        hits++;
        saved += requests.cost()[key];
        bytesHit += requests.bytes()[key];
      }
    }
    return new Row(
        requests.trace(),
        contender.label(),
        budget.kind().label(),
        budget.size(),
        requests.keys().length,
        hits,
        (double) hits / requests.keys().length,
        saved,
        saved / cost,
        bytesHit / bytes,
        policy.evictions());
  }

  /** {@return where value saves less than W-TinyLFU by more than {@link #NOISE}, in words} */
  public static List<String> shortfalls(List<Row> rows) {
    List<String> shortfalls = new ArrayList<>();
    for (Row ours : rows) {
      if (!ours.policy().equals(Contender.VALUE.label())) {
        continue;
      }
      for (Row peer : rows) {
        if (peer.policy().equals(Contender.W_TINYLFU.label())
            && peer.trace().equals(ours.trace())
            && peer.budget().equals(ours.budget())
            && peer.size() == ours.size()
            && ours.savedCost() < NOISE * peer.savedCost()) {
          shortfalls.add(
              String.format(
                  "%s, %,d %s: value saves %.4f of the cost, w-tinylfu %.4f",
                  ours.trace(),
                  ours.size(),
                  ours.budget(),
                  ours.savedCostRatio(),
                  peer.savedCostRatio()));
        }
      }
    }
    return shortfalls;
  }
}
