package dev.askonce.bench.image;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What a child JVM has found so far, in a mapped file, so that its parent knows it however the
 * child ends. The first words are the case at hand, how many were begun, and signs of life; then
 * one an outcome. The child's sentences about failures go to a file beside it.
 */
public final class Journal implements AutoCloseable {
  private static final int CASE = 0;
  private static final int BEGUN = 1;
  private static final int BEATS = 2;
  private static final int TALLY = 3;
  private static final long BYTES = (long) (TALLY + Outcome.values().length) * Long.BYTES;

  /** Sentences that one child may write. */
  private static final int FINDINGS_MAX = 20;

  private final Path findings;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment words;
  private int told;

  private Journal(Path file) throws IOException {
    findings = file.resolveSibling(file.getFileName() + ".findings");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      words = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
    }
  }

  /** Opens a journal, which is made where there is none. */
  public static Journal open(Path file) throws IOException {
    return new Journal(file);
  }

  /** Notes that a case begins. */
  public void begin(long number) {
    set(BEGUN, get(BEGUN) + 1);
    set(CASE, number);
    beat();
  }

  /** {@return what was opened, or null: the failure is noted} */
  public LocalSemanticCache opened(Supplier<LocalSemanticCache> opening, String context) {
    try {
      return opening.get();
    } catch (CacheException e) {
      failed(Outcome.REFUSED, context + ": " + e);
    } catch (RuntimeException | Error e) {
      failed(Outcome.THROWN, context + ": opening threw " + e);
    }
    return null;
  }

  /** Gives a sign of life: within a case too, where it is long. */
  public void beat() {
    set(BEATS, get(BEATS) + 1);
  }

  /** {@return how many signs of life there were} */
  public long beats() {
    return get(BEATS);
  }

  /** {@return the case that was begun last} */
  public long current() {
    return get(CASE);
  }

  /** {@return how many cases were begun} */
  public long begun() {
    return get(BEGUN);
  }

  public void add(Outcome outcome, long count) {
    set(TALLY + outcome.ordinal(), get(TALLY + outcome.ordinal()) + count);
  }

  /** Counts a failure and says which. */
  public void failed(Outcome outcome, String what) {
    add(outcome, 1);
    if (told++ < FINDINGS_MAX) {
      String line = outcome.name().toLowerCase(Locale.ROOT) + ": " + what.replace('\n', ' ');
      try {
        Files.writeString(
            findings,
            line + "\n",
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        System.err.println(line);
      }
    }
  }

  public Tally tally() {
    Tally tally = new Tally();
    for (Outcome outcome : Outcome.values()) {
      tally.add(outcome, get(TALLY + outcome.ordinal()));
    }
    return tally;
  }

  private long get(int word) {
    return words.getAtIndex(ValueLayout.JAVA_LONG, word);
  }

  private void set(int word, long value) {
    words.setAtIndex(ValueLayout.JAVA_LONG, word, value);
  }

  @Override
  public void close() {
    arena.close();
  }
}
