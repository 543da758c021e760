package dev.askonce.engine;

import dev.askonce.engine.spi.Hash128;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One hit, so that it can be reported as wrong later, by whoever saw the answer: see {@link
 * SemanticCache#wrong}. As a string it fits into a header or a form.
 *
 * <p>It holds keyed hashes of this store and no text. Who has it can report it; the hashes in it
 * cannot be guessed, so nobody can report what was not served.
 *
 * @param entry the entry that answered
 * @param asked keyed hash of the scope and the asked text; zero for a lookup by vector
 * @param stored keyed hash of the scope and the stored text; zero for an entry put by vector
 * @param route the name of the route that it was asked on
 */
public record HitId(EntryId entry, Hash128 asked, Hash128 stored, String route) {
  private static final int VERSION = 1;
  private static final int HASHES = 6;

  /** {@return letters, digits, minus and underscore; the same for the same hit} */
  @Override
  public String toString() {
    byte[] name = route.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(1 + HASHES * Long.BYTES + name.length);
    bytes.put((byte) VERSION);
    bytes.putLong(entry.epoch()).putLong(entry.sequence());
    bytes.putLong(asked.high()).putLong(asked.low());
    bytes.putLong(stored.high()).putLong(stored.low());
    bytes.put(name);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * {@return the hit of a string}
   *
   * @throws CacheException.InvalidOption if it is none of {@link #toString}
   */
  public static HitId parse(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.get() != VERSION) {
        throw new CacheException.InvalidOption("no hit id of this version");
      }
      EntryId entry = new EntryId(bytes.getLong(), bytes.getLong());
      Hash128 asked = new Hash128(bytes.getLong(), bytes.getLong());
      Hash128 stored = new Hash128(bytes.getLong(), bytes.getLong());
      byte[] name = new byte[bytes.remaining()];
      bytes.get(name);
      return new HitId(entry, asked, stored, new String(name, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new CacheException.InvalidOption("no hit id: " + e.getMessage());
    }
  }
}
