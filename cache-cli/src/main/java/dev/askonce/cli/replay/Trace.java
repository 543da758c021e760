package dev.askonce.cli.replay;

import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.chat.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;

/**
 * When the calls of a production service came and how long they were: lines {@code
 * TIMESTAMP,ContextTokens,GeneratedTokens} after a heading, as of the Azure LLM inference traces.
 */
final class Trace {
  /**
   * One call.
   *
   * @param afterNanos since the first call
   */
  record Arrival(long afterNanos, long inputTokens, long outputTokens) {}

  private static final int FIELDS = 3;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();

  private Trace() {}

  /**
   * {@return the calls in their order}
   *
   * @throws InputException if the file is missing, holds no call or a line that is none
   */
  static List<Arrival> read(Path file) throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    try (BufferedReader lines = LogFile.open(file)) {
      lines.readLine();
      long first = 0;
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          Arrival arrival = parse(line, file + ", line " + number);
          first = arrivals.isEmpty() ? arrival.afterNanos() : first;
          arrivals.add(
              new Arrival(
                  arrival.afterNanos() - first, arrival.inputTokens(), arrival.outputTokens()));
        }
      }
    }
    InputException.require(!arrivals.isEmpty(), file + " holds no calls");
    return arrivals;
  }

  private static long tokens(String text) {
    long tokens = Long.parseLong(text.strip());
    if (tokens < 0 || tokens > Usage.TOKENS_MAX) {
      throw new NumberFormatException("not a number of tokens");
    }
    return tokens;
  }

  private static Arrival parse(String line, String where) {
    String[] fields = line.split(",");
    try {
      LocalDateTime time = LocalDateTime.parse(fields[0].strip(), TIME);
      long nanos = time.toEpochSecond(ZoneOffset.UTC) * 1_000_000_000 + time.getNano();
      if (fields.length == FIELDS && time.getYear() >= 1970 && time.getYear() < 2200) {
        return new Arrival(nanos, tokens(fields[1]), tokens(fields[2]));
      }
    } catch (DateTimeException | NumberFormatException e) {
      // Told below, as a line of the wrong number of fields is.
    }
    throw new InputException(where + ": not TIMESTAMP,ContextTokens,GeneratedTokens");
  }
}
