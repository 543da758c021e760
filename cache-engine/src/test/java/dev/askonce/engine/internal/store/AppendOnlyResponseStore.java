package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The simplest {@link ResponseStore}: a log of puts and removals, and a map of what it says. The
 * oracle of the real one; one lock, all frames in memory.
 */
public class AppendOnlyResponseStore implements ResponseStore {
  private record Frames(byte[] card, byte[] answer) {}

  private final Map<EntryId, Frames> frames = new HashMap<>();
  private final DataOutputStream log;
  private final int frameBytesMax;

  public AppendOnlyResponseStore(Path directory, int frameBytesMax) throws IOException {
    this.frameBytesMax = frameBytesMax;
    Path file = directory.resolve("answers.log");
    if (Files.exists(file)) {
      replay(file);
    }
    log =
        new DataOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  private void replay(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (true) {
        EntryId id = new EntryId(in.readLong(), in.readLong());
        int cardBytes = in.readInt();
        if (cardBytes < 0) {
          frames.remove(id);
        } else {
          byte[] card = in.readNBytes(cardBytes);
          frames.put(id, new Frames(card, in.readNBytes(in.readInt())));
        }
      }
    } catch (EOFException e) {
      // The end of the log, or of what a killed process wrote of it.
    }
  }

  @Override
  public synchronized int put(EntryId id, byte[] card, byte[] answer) {
    if (card.length > frameBytesMax || answer.length > frameBytesMax) {
      return REFUSED;
    }
    append(id, new Frames(card, answer));
    frames.put(id, new Frames(card, answer));
    return 0;
  }

  private void append(EntryId id, Frames put) {
    try {
      log.writeLong(id.epoch());
      log.writeLong(id.sequence());
      if (put == null) {
        log.writeInt(-1);
      } else {
        log.writeInt(put.card.length);
        log.write(put.card);
        log.writeInt(put.answer.length);
        log.write(put.answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized byte[] answer(int shard, EntryId id) {
    Frames found = shard == 0 ? frames.get(id) : null;
    return found == null ? null : found.answer.clone();
  }

  @Override
  public synchronized byte[] card(int shard, EntryId id) {
    Frames found = shard == 0 ? frames.get(id) : null;
    return found == null ? null : found.card.clone();
  }

  @Override
  public synchronized void remove(int shard, EntryId id) {
    if (shard == 0 && frames.remove(id) != null) {
      append(id, null);
    }
  }

  @Override
  public synchronized long removeOrphans(Predicate<EntryId> live) {
    long before = size();
    for (EntryId id : frames.keySet().toArray(new EntryId[0])) {
      if (!live.test(id)) {
        remove(0, id);
      }
    }
    return 2 * (before - size());
  }

  /** {@return the number of entries it holds frames of} */
  public synchronized long size() {
    return frames.size();
  }

  @Override
  public void close() {
    try {
      log.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
