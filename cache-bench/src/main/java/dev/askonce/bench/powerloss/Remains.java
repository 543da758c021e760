package dev.askonce.bench.powerloss;

import dev.askonce.bench.image.HeapFrames;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.bench.powerloss.SimulatedDisk.Cut;
import dev.askonce.bench.powerloss.SimulatedDisk.FileAtCut;
import dev.askonce.bench.powerloss.SimulatedDisk.NameAtCut;
import dev.askonce.engine.EntryId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What is left of a store after one cut of the power. Each thing that was not forced is a choice of
 * its own: a page, a name, a frame; made by chance, or all combinations in turn.
 */
final class Remains {
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  /** Of so many pages one is torn. */
  private static final int TORN = 4;

  final StoreImage image = new StoreImage(new TreeMap<>());
  final Map<EntryId, HeapFrames.Frames> frames;

  private Remains(Cut cut, Choices choices) {
    frames = new HashMap<>(cut.durableFrames());
    for (NameAtCut name : cut.names()) {
      FileAtCut file = name.changed() && choices.choose(2) == 1 ? name.now() : name.before();
      if (file != null) {
        image.files().put(name.name(), bytes(file, choices));
      }
    }
    for (EntryId id : changed(cut)) {
      HeapFrames.Frames before = cut.durableFrames().get(id);
      HeapFrames.Frames now = cut.frames().get(id);
      // Card and answer are written, and removed, each by itself.
      byte[] card = choices.choose(2) == 1 ? card(now) : card(before);
      byte[] answer = choices.choose(2) == 1 ? answer(now) : answer(before);
      if (choices.isTorn() && answer != null) {
        answer = Arrays.copyOf(Arrays.copyOf(answer, answer.length / 2), answer.length);
      }
      frames.put(id, new HeapFrames.Frames(card, answer));
    }
  }

  private static byte[] card(HeapFrames.Frames of) {
    return of == null ? null : of.card();
  }

  private static byte[] answer(HeapFrames.Frames of) {
    return of == null ? null : of.answer();
  }

  private static List<EntryId> changed(Cut cut) {
    List<EntryId> changed = new ArrayList<>();
    for (EntryId id : cut.frames().keySet()) {
      if (!cut.durableFrames().containsKey(id)) {
        changed.add(id);
      }
    }
    for (EntryId id : cut.durableFrames().keySet()) {
      if (!cut.frames().containsKey(id)) {
        changed.add(id);
      }
    }
    changed.sort(
        (a, b) ->
            a.epoch() == b.epoch()
                ? Long.compare(a.sequence(), b.sequence())
                : Long.compare(a.epoch(), b.epoch()));
    return changed;
  }

  private static byte[] bytes(FileAtCut file, Choices choices) {
    byte[] now = file.now();
    byte[] durable = file.durable();
    int length = now.length;
    if (durable == null || durable.length != length) {
      // A length may reach the disk before the bytes, and these before a length.
      length = choices.choose(2) == 1 ? length : durable == null ? 0 : durable.length;
    }
    byte[] left = new byte[length];
    if (durable != null) {
      System.arraycopy(durable, 0, left, 0, Math.min(length, durable.length));
    }
    byte[] base = left.clone();
    for (int from = 0; from < length; from += PAGE) {
      int to = Math.min(length, from + PAGE);
      List<byte[]> others = others(file, base, from, to);
      if (others.isEmpty()) {
        continue;
      }
      if (choices.isTorn()) {
        for (int sector = from; sector < to; sector += SECTOR) {
          put(left, others, sector, Math.min(to, sector + SECTOR), choices);
        }
      } else {
        put(left, others, from, to, choices);
      }
    }
    return left;
  }

  private static void put(byte[] left, List<byte[]> others, int from, int to, Choices choices) {
    int choice = choices.choose(1 + others.size());
    if (choice > 0) {
      System.arraycopy(others.get(choice - 1), from, left, from, to - from);
    }
  }

  /** {@return the contents of a page since the last force, none twice} */
  private static List<byte[]> others(FileAtCut file, byte[] base, int from, int to) {
    List<byte[]> others = new ArrayList<>();
    for (byte[] content : file.since()) {
      if (content.length >= to
          && !Arrays.equals(content, from, to, base, from, to)
          && others.stream().noneMatch(o -> Arrays.equals(o, from, to, content, from, to))) {
        others.add(content);
      }
    }
    return others;
  }

  /** Makes one choice after another. */
  private interface Choices {
    int choose(int count);

    boolean isTorn();
  }

  /** {@return what is left by chance} */
  static Remains random(Cut cut, Random random) {
    return new Remains(
        cut,
        new Choices() {
          @Override
          public int choose(int count) {
            return random.nextInt(count);
          }

          @Override
          public boolean isTorn() {
            return random.nextInt(TORN) == 0;
          }
        });
  }

  /** All combinations of whole pages, names and frames, counted as the digits of a number are. */
  static final class Combinations {
    private final Cut cut;
    private final List<Integer> digits = new ArrayList<>();
    private final List<Integer> radices = new ArrayList<>();
    private boolean done;

    Combinations(Cut cut) {
      this.cut = cut;
    }

    /** {@return the next one, or null} */
    Remains next() {
      if (done) {
        return null;
      }
      int[] at = {0};
      Remains remains =
          new Remains(
              cut,
              new Choices() {
                @Override
                public int choose(int count) {
                  int index = at[0]++;
                  if (index == digits.size()) {
                    digits.add(0);
                    radices.add(count);
                  }
                  return digits.get(index);
                }

                @Override
                public boolean isTorn() {
                  return false;
                }
              });
      // What a choice asks next may depend on it: what lies behind the one that changes is
      // forgotten.
      int last = digits.size() - 1;
      while (last >= 0 && digits.get(last) == radices.get(last) - 1) {
        digits.removeLast();
        radices.removeLast();
        last--;
      }
      done = last < 0;
      if (!done) {
        digits.set(last, digits.get(last) + 1);
      }
      return remains;
    }
  }
}
