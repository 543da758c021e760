package dev.askonce.engine;

import java.time.Instant;

/**
 * An answer that may be served.
 *
 * @param hitId this hit, for reporting it as wrong
 * @param kind how it was found
 * @param cosine raw cosine of the asked and the stored text's vectors; 1 for an exact hit. An
 *     operator's figure: it does not belong into a reply to an untrusted caller
 * @param answer the bytes as they were put
 * @param created when the entry was put
 * @param expires when it stops being served
 * @param savedNanoDollars what the caller said a hit saves, in 10⁻⁹ dollars
 */
public record Hit(
    HitId hitId,
    HitKind kind,
    float cosine,
    Answer answer,
    Instant created,
    Instant expires,
    long savedNanoDollars) {
  /** {@return the entry that answers} */
  public EntryId id() {
    return hitId.entry();
  }
}
