package dev.askonce.bench.vectors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks the program of {@code hnswlib.cpp}, which times its searches itself. */
final class NativeAsking implements Asking {
  private final NativeProgram program;
  private final Path results;
  private final Data data;
  private final int k;
  private final int beam;

  NativeAsking(NativeProgram program, Path results, Data data, int k, int beam) {
    this.program = program;
    this.results = results;
    this.data = data;
    this.k = k;
    this.beam = beam;
  }

  @Override
  public Speed run(int first, long nanos, int threads) throws IOException {
    String[] ran =
        program.ask("run " + beam + " " + k + " " + first + " " + nanos / 1e9 + " " + threads);
    return new Speed(Long.parseLong(ran[1]), Long.parseLong(ran[2]), threads);
  }

  @Override
  public Answers each() throws IOException {
    program.ask("each " + beam + " " + k + " " + results);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(results)).order(ByteOrder.nativeOrder());
    int queryCount = data.queries().length;
    Answers answers = new Answers(queryCount, k);
    int nanosFrom = queryCount * k * Integer.BYTES;
    for (int query = 0; query < queryCount; query++) {
      for (int rank = 0; rank < k; rank++) {
        int entry = bytes.getInt();
        if (entry != Truth.NONE) {
          answers.setCosine(query, rank, data.cosine(query, entry));
        }
      }
      answers.setNanos(query, bytes.getLong(nanosFrom + query * Long.BYTES));
    }
    return answers;
  }
}
