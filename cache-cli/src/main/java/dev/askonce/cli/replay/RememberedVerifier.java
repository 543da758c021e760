package dev.askonce.cli.replay;

import dev.askonce.engine.spi.Verifier;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;

/**
 * A verifier that remembers what it said last, since popular questions meet the same stored ones
 * again and again. Thread-safe; owns the other one.
 */
final class RememberedVerifier implements Verifier {
  private record Pair(String asked, String stored, float cosine) {}

  private static final int PAIRS_MAX = 100_000;

  private final Verifier verifier;
  private final Recent<Pair, OptionalDouble> recent = new Recent<>(PAIRS_MAX);

  RememberedVerifier(Verifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public boolean accepts(String embedderFingerprint) {
    return verifier.accepts(embedderFingerprint);
  }

  @Override
  public OptionalDouble probability(String asked, String stored, float cosine, Duration timeout)
      throws TimeoutException {
    Pair pair = new Pair(asked, stored, cosine);
    Optional<OptionalDouble> known = recent.find(pair);
    if (known.isPresent()) {
      return known.get();
    }
    OptionalDouble said = verifier.probability(asked, stored, cosine, timeout);
    recent.keep(pair, said);
    return said;
  }

  @Override
  public double leastProbability(double wrongShareMax) {
    return verifier.leastProbability(wrongShareMax);
  }

  @Override
  public void close() {
    verifier.close();
  }
}
