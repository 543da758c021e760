package dev.askonce.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every target without the fuzzer: what it found once, and bytes changed at random. */
class TargetsTest {
  private static final long SEED = Long.getLong("askonce.seed", 71);
  private static final int RANDOM_INPUTS = 500;
  private static final long NANOS_MAX = 500_000_000;

  static Stream<String> names() {
    return Targets.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void known_inputs_stillHold(String name) throws Exception {
    Target target = Targets.make(name);
    List<byte[]> known = Corpus.known(name);
    assertFalse(target.seeds().isEmpty());
    for (byte[] input : known) {
      byte[] before = input.clone();
      target.run(input);
      assertTrue(Arrays.equals(before, input), "a target changed its input");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void known_inputsChangedAtRandom_hold(String name) throws Exception {
    Random random = new Random(SEED);
    Target target = Targets.make(name);
    List<byte[]> known = new ArrayList<>(Corpus.known(name));
    long until = System.nanoTime() + NANOS_MAX;
    for (int i = 0; i < RANDOM_INPUTS && System.nanoTime() < until; i++) {
      byte[] input = changed(known.get(random.nextInt(known.size())), random);
      try {
        target.run(input);
      } catch (Exception | Error e) {
        throw new AssertionError(
            name + " -Daskonce.seed=" + SEED + " " + Arrays.toString(input), e);
      }
    }
  }

  private static byte[] changed(byte[] input, Random random) throws IOException {
    byte[] changed = Arrays.copyOf(input, Math.max(1, input.length + random.nextInt(-3, 4)));
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    return changed;
  }
}
