package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.StoreImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * One damage of one file that is no single bit.
 *
 * @param first length, page, or offset of a word
 * @param second the other page, or what is added to the word
 */
record Shape(Kind kind, String file, int first, int second) {
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;
  private static final int WORD = 8;

  /** Words after each start of a file that are counted up and down. */
  private static final int HEADER_BYTES = 136;

  enum Kind {
    MISSING,
    TRUNCATED,
    WORD_CHANGED,
    /** A page is all zero. */
    ZEROED,
    /** Two pages are in each other's place. */
    SWAPPED,
    /** A page is what it was at an earlier time. */
    STALE;

    /**
     * Whether each record may still be right by itself: none says that the others are of its time.
     */
    boolean mayBeSilent() {
      return this == ZEROED || this == STALE;
    }
  }

  /** {@return every shape of damage of every file} */
  static List<Shape> all(StoreImage image, StoreImage older) {
    List<Shape> shapes = new ArrayList<>();
    image
        .files()
        .forEach(
            (name, bytes) -> {
              shapes.add(new Shape(Kind.MISSING, name, 0, 0));
              for (int length : lengths(bytes.length)) {
                shapes.add(new Shape(Kind.TRUNCATED, name, length, 0));
              }
              for (int at = 0; at + WORD <= Math.min(HEADER_BYTES, bytes.length); at += WORD) {
                shapes.add(new Shape(Kind.WORD_CHANGED, name, at, 1));
                shapes.add(new Shape(Kind.WORD_CHANGED, name, at, -1));
              }
              addPages(shapes, name, bytes, older.file(name));
            });
    return shapes;
  }

  /** Every sector's end, and the ends of the first words and the bytes beside them. */
  private static TreeSet<Integer> lengths(int bytes) {
    TreeSet<Integer> lengths = new TreeSet<>(List.of(0, 1, bytes - 1));
    for (int length = SECTOR; length < bytes; length += SECTOR) {
      lengths.add(length);
    }
    for (int at = WORD; at < Math.min(HEADER_BYTES, bytes); at += WORD) {
      lengths.addAll(List.of(at - 1, at, at + 1));
    }
    return lengths;
  }

  private static void addPages(List<Shape> shapes, String name, byte[] bytes, byte[] older) {
    int pages = bytes.length / PAGE;
    for (int page = 0; page < pages; page++) {
      shapes.add(new Shape(Kind.ZEROED, name, page, 0));
      if (page + 1 < pages) {
        shapes.add(new Shape(Kind.SWAPPED, name, page, page + 1));
        shapes.add(new Shape(Kind.SWAPPED, name, page, pages - 1));
      }
      if (older != null && (page + 1) * PAGE <= older.length) {
        shapes.add(new Shape(Kind.STALE, name, page, 0));
      }
    }
  }

  /** Damages an image, of which {@code older} is an earlier state. */
  void apply(StoreImage image, StoreImage older) {
    byte[] bytes = image.file(file);
    switch (kind) {
      case MISSING -> image.files().remove(file);
      case TRUNCATED -> image.files().put(file, Arrays.copyOf(bytes, first));
      case WORD_CHANGED -> {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        words.putLong(first, words.getLong(first) + second);
      }
      case ZEROED -> Arrays.fill(bytes, first * PAGE, (first + 1) * PAGE, (byte) 0);
      case SWAPPED -> {
        byte[] page = Arrays.copyOfRange(bytes, first * PAGE, (first + 1) * PAGE);
        System.arraycopy(bytes, second * PAGE, bytes, first * PAGE, PAGE);
        System.arraycopy(page, 0, bytes, second * PAGE, PAGE);
      }
      case STALE -> System.arraycopy(older.file(file), first * PAGE, bytes, first * PAGE, PAGE);
    }
  }
}
