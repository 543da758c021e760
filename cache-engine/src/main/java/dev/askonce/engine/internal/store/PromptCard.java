package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.spi.Frame;
import dev.askonce.engine.spi.Hash128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What is kept of an entry's prompt, readable without its answer: the text where the operator keeps
 * texts (section 2), and the keyed hashes of the tags (section 3, eight bytes each).
 */
public record PromptCard(Optional<String> text, long[] tags) {
  private static final int TEXT = 2;
  private static final int TAGS = 3;

  /** {@return the two bits of a tag in a record's filter} */
  public static long tagBits(long tag) {
    return 1L << (tag & 63) | 1L << (tag >>> 6 & 63);
  }

  public byte[] encode(long seed, EntryId id, Hash128 scope) {
    byte[][] sections = new byte[TAGS + 1][];
    sections[TEXT] = text.map(t -> t.getBytes(StandardCharsets.UTF_8)).orElse(null);
    ByteBuffer tagBytes = ByteBuffer.allocate(tags.length * Long.BYTES);
    for (long tag : tags) {
      tagBytes.putLong(tag);
    }
    sections[TAGS] = tagBytes.array();
    return Frame.encode(seed, id, scope, sections);
  }

  public static Optional<PromptCard> decode(long seed, EntryId id, Hash128 scope, byte[] frame) {
    return Frame.decode(seed, id, scope, frame)
        .filter(sections -> sections[TAGS] != null && sections[TAGS].length % Long.BYTES == 0)
        .map(
            sections -> {
              ByteBuffer tagBytes = ByteBuffer.wrap(sections[TAGS]);
              long[] tags = new long[sections[TAGS].length / Long.BYTES];
              for (int i = 0; i < tags.length; i++) {
                tags[i] = tagBytes.getLong();
              }
              return new PromptCard(
                  Optional.ofNullable(sections[TEXT])
                      .map(bytes -> new String(bytes, StandardCharsets.UTF_8)),
                  tags);
            });
  }

  public boolean hasTag(long tag) {
    for (long own : tags) {
      if (own == tag) {
        return true;
      }
    }
    return false;
  }
}
