package dev.askonce.bench.churn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.data.Corpus;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.bench.data.VectorWriter;
import dev.askonce.bench.data.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChurnTest {
  private static final int ROWS = 700;
  private static final int LIVE = 500;

  @TempDir Path temp;

  private Path base;

  @BeforeEach
  void writeBase() throws IOException {
    base = temp.resolve("base.f32");
    Corpus corpus = new Corpus(ROWS, 3);
    try (VectorWriter writer = new VectorWriter(base)) {
      for (int i = 0; i < ROWS; i++) {
        writer.write(corpus.entry(i));
      }
      writer.commit();
    }
  }

  @Test
  void turnovers_keepRecallAndSize() throws Exception {
    List<Turnover> rows = new ArrayList<>();
    try (VectorFile vectors = VectorFile.open(base, Corpus.DIMENSION);
        Churn churn =
            new Churn(vectors, new Settings(LIVE, 3, 1, 1, 256), new Progress(line -> {}))) {
      churn.run(rows::add);
    }
    assertEquals(List.of(1, 2, 3), rows.stream().map(Turnover::turnover).toList());
    for (Turnover row : rows) {
      assertTrue(row.isMeasured(), row.toString());
      assertEquals(1, row.decisionRecall90(), row.toString());
      assertEquals(1, row.recallAt1(), row.toString());
      assertEquals(0, row.unreachable(), row.toString());
      assertEquals(0, row.notFound(), row.toString());
      assertEquals(0, row.evicted(), row.toString());
      assertEquals(LIVE, row.live(), row.toString());
      assertTrue(row.held() >= LIVE && row.held() <= LIVE + 4, row.toString());
      assertTrue(row.fileBytes() >= (long) LIVE * Corpus.DIMENSION * Float.BYTES, row.toString());
      assertTrue(row.heapBytes() > 0 && row.lookups() > 0, row.toString());
      assertTrue(row.insertMicros().p50() <= row.insertMicros().p99(), row.toString());
    }
    assertEquals(rows.getFirst().fileBytes(), rows.getLast().fileBytes());
  }

  @Test
  void supply_smallerThanTheCache_hasNoVectorAliveTwice() throws IOException {
    try (VectorFile vectors = VectorFile.open(base, Corpus.DIMENSION)) {
      int live = 3 * ROWS;
      Supply supply = new Supply(vectors, live, 1);
      Deque<Integer> alive = new ArrayDeque<>();
      for (long i = 0; i < 2L * live; i++) {
        int hash = Arrays.hashCode(supply.entry(i));
        if (alive.size() == live) {
          alive.remove();
        }
        alive.add(hash);
      }
      assertEquals(live, alive.stream().distinct().count());
      float[] first = supply.entry(0);
      double cosine = Vectors.dot(first, supply.entry(ROWS - supply.heldBackCount()));
      assertTrue(cosine > 0.899 && cosine < 0.971, "cosine " + cosine);
    }
  }

  @Test
  void heldBackVectors_areNeverPut() throws IOException {
    try (VectorFile vectors = VectorFile.open(base, Corpus.DIMENSION)) {
      Supply supply = new Supply(vectors, LIVE, 1);
      assertEquals(ROWS / 10, supply.heldBackCount());
      for (int i = 0; i < 2 * ROWS; i++) {
        assertFalse(Arrays.equals(supply.heldBack(3), supply.entry(i)));
      }
    }
  }

  @Test
  void settingsOutOfRange_areRefused() {
    assertThrows(InputException.class, () -> new Settings(63, 1, 1, 1, 256));
    assertThrows(InputException.class, () -> new Settings(64, 0, 1, 1, 256));
    assertThrows(InputException.class, () -> new Settings(64, 1, 1, -1, 256));
    assertThrows(InputException.class, () -> new Settings(64, 1, 1, 1, 0));
  }
}
