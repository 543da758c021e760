package dev.askonce.cli.replay;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.InputFile;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request log, call by call; compressed with gzip where its name ends with {@code .gz}. A line
 * that is no call, or too long to be one, is noted and passed over; blank lines are nothing. Not
 * thread-safe.
 */
final class LogFile implements AutoCloseable {
  /** Longer lines are no calls: a context of two million tokens has fewer characters. */
  private static final int LINE_CHARS_MAX = 16 << 20;

  private static final int BUFFER_CHARS = 1 << 16;

  private final Path file;
  private final BufferedReader text;
  private final StringBuilder line = new StringBuilder();
  private final List<Long> malformed = new ArrayList<>();
  private long number;

  /**
   * @throws InputException if there is no such file, or it is not compressed though it says so
   */
  LogFile(Path file) throws IOException {
    this.file = file;
    text = open(file);
  }

  /** {@return the text of a file, unpacked where its name says that it is packed} */
  static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(InputFile.open(file), StandardCharsets.UTF_8), BUFFER_CHARS);
  }

  /** {@return the next call, or empty at the end} */
  Optional<LoggedCall> next() throws IOException {
    while (readLine()) {
      number++;
      if (line.length() > LINE_CHARS_MAX) {
        malformed.add(number);
      } else if (!line.toString().isBlank()) {
        try {
          return Optional.of(LoggedCall.parse(line.toString()));
        } catch (ChatException.InvalidLog e) {
          malformed.add(number);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the first call}
   *
   * @throws InputException if there is none
   */
  LoggedCall first() throws IOException {
    return next()
        .orElseThrow(
            () ->
                new InputException(
                    number == 0
                        ? file + " is empty"
                        : file
                            + " holds no call: a line is"
                            + " {\"at\": …, \"request\": {…}, \"response\": {…}}"));
  }

  /** {@return the numbers of the lines, from 1, that were passed over since the last time} */
  List<Long> malformed() {
    List<Long> lines = List.copyOf(malformed);
    malformed.clear();
    return lines;
  }

  /** Reads a line, of a long one only the beginning; {@return whether there was one} */
  private boolean readLine() throws IOException {
    line.setLength(0);
    int c = text.read();
    if (c < 0) {
      return false;
    }
    while (c >= 0 && c != '\n') {
      if (line.length() <= LINE_CHARS_MAX) {
        line.append((char) c);
      }
      c = text.read();
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
