package dev.askonce.engine.spi;

import dev.askonce.engine.Answer;
import java.util.Arrays;
import java.util.Optional;

/**
 * An entry as it travels between caches that share a secret: its names are keyed hashes, the same
 * in all of them.
 *
 * <p>The arrays are not copied: whoever makes or receives an entry must not change them after.
 *
 * @param scope the partition that the entry belongs to
 * @param key what the entry is within its scope: the hash of its text, or of its vector where it
 *     has no text. Of all entries with the same key the one of the highest version remains
 * @param version when it was put, in milliseconds since 1970 by the putting cache's clock, raised
 *     where needed so that it is higher than whatever it replaces
 * @param expiresMillis when it stops being served, in milliseconds since 1970
 * @param tenant keyed hash of the tenant
 * @param principal keyed hash of who wrote it, or 0
 * @param tags keyed hashes of its tags, in no order
 * @param savedNanoDollars what a hit saves, in 10⁻⁹ dollars
 * @param text what was asked; empty where texts are not kept
 * @param vector the unit vector, empty for a text longer than the embedder reads
 * @param answer the answer
 */
public record ReplicaEntry(
    Hash128 scope,
    Hash128 key,
    long version,
    long expiresMillis,
    long tenant,
    long principal,
    long[] tags,
    long savedNanoDollars,
    Optional<String> text,
    Optional<float[]> vector,
    Answer answer) {

  /** {@return whether the entry has this tag} */
  public boolean hasTag(long tag) {
    for (long own : tags) {
      if (own == tag) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReplicaEntry that
        && scope.equals(that.scope)
        && key.equals(that.key)
        && version == that.version
        && expiresMillis == that.expiresMillis
        && tenant == that.tenant
        && principal == that.principal
        && Arrays.equals(tags, that.tags)
        && savedNanoDollars == that.savedNanoDollars
        && text.equals(that.text)
        && Arrays.equals(vector.orElse(null), that.vector.orElse(null))
        && answer.equals(that.answer);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Long.hashCode(version);
  }

  /** {@return its key and version: texts and answers do not belong into logs} */
  @Override
  public String toString() {
    return "ReplicaEntry[" + Long.toHexString(key.high()) + ", version " + version + "]";
  }
}
