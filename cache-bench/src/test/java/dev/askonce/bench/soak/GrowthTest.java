package dev.askonce.bench.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static Growth growth(LongUnaryOperator bytes) {
    List<Sample> samples =
        LongStream.range(0, 100)
            .mapToObj(i -> new Sample(i * 10, bytes.applyAsLong(i), 0, 0, 0, 0))
            .toList();
    return Growth.of(samples, Sample::residentBytes);
  }

  @Test
  void line_growsByWhatItGains() {
    Growth growth = growth(i -> 1_000 + i);
    assertEquals(1_020, growth.first());
    assertEquals(1_099, growth.last());
    assertEquals(79 / 1_059.5, growth.share(), 1e-9);
  }

  @Test
  void start_doesNotCount() {
    assertEquals(0, growth(i -> i < 20 ? i : 500).share());
  }

  @Test
  void shrinkage_isNegative_andNothingIsNothing() {
    assertEquals(-79 / 940.5, growth(i -> 1_000 - i).share(), 1e-9);
    assertEquals(0, growth(i -> 0).share());
  }

  @Test
  void sample_survivesItsLine() throws IOException {
    Sample sample = Sample.take(7);
    assertEquals(sample, Sample.parse(("x " + sample.line()).split(" "), 1));
  }
}
