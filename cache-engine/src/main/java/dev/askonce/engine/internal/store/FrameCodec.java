package dev.askonce.engine.internal.store;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.spi.AnswerFrame;
import dev.askonce.engine.spi.Frame;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * Answers and cards as the frames that a store keeps. In an encrypted store a frame has one
 * section, the frame it would have otherwise, sealed with the tenant's key for this entry: whoever
 * has no key can still tell a damaged one.
 *
 * <pre>
 *   type 0  content type  UTF-8                          of an answer
 *   type 1  body          bytes                          of an answer
 *   type 2  text          UTF-8, where texts are kept    of a card
 *   type 3  tags          u64 each, big-endian: hashes   of a card
 *   type 4  sealed        nonce 12 bytes, the frame of an answer or card encrypted, tag 16 bytes
 * </pre>
 *
 * <p>A seal is bound to: 1 for an answer or 2 for a card, one byte; then epoch, sequence, scopeHigh
 * and scopeLow, big-endian.
 *
 * <p>Thread-safe.
 */
public final class FrameCodec implements AutoCloseable {
  private static final int SEALED = 4;
  private static final byte ANSWER = 1;
  private static final byte CARD = 2;

  private final long seed;
  private final Optional<TenantKeys> keys;

  /**
   * @param seed of the store's checksums
   * @param keys of an encrypted store's tenants
   */
  public FrameCodec(long seed, Optional<TenantKeys> keys) {
    this.seed = seed;
    this.keys = keys;
  }

  /**
   * {@return the key that frames of a tenant are sealed with now, a new one if it has none; empty
   * where frames are not sealed}
   *
   * @throws IOException if a new key cannot be kept
   */
  public Optional<SecretKey> key(long tenant) throws IOException {
    return keys.isPresent() ? Optional.of(keys.get().findOrMake(tenant)) : Optional.empty();
  }

  /** {@return whether what is sealed with a key can be opened later} */
  public boolean isKey(long tenant, Optional<SecretKey> key) {
    return keys.isEmpty() || keys.get().find(tenant).equals(key);
  }

  /** {@return whether any frame of a tenant can be opened} */
  public boolean canOpen(long tenant) {
    return keys.isEmpty() || keys.get().find(tenant).isPresent();
  }

  /**
   * {@return the frame of an answer}
   *
   * @param key its tenant's, as {@link #key} says
   */
  public byte[] encode(EntryId id, Hash128 scope, Optional<SecretKey> key, Answer answer) {
    return seal(ANSWER, id, scope, key, AnswerFrame.encode(seed, id, scope, answer));
  }

  /** {@return the frame of a card} */
  public byte[] encode(EntryId id, Hash128 scope, Optional<SecretKey> key, PromptCard card) {
    return seal(CARD, id, scope, key, card.encode(seed, id, scope));
  }

  /** {@return the answer, or empty if the bytes are not this entry's intact frame} */
  public Optional<Answer> answer(EntryId id, Hash128 scope, long tenant, byte[] frame) {
    return keys.isEmpty()
        ? AnswerFrame.decode(seed, id, scope, frame)
        : open(ANSWER, id, scope, tenant, frame)
            .flatMap(opened -> AnswerFrame.decode(seed, id, scope, opened));
  }

  /** {@return the card, or empty if the bytes are not this entry's intact frame} */
  public Optional<PromptCard> card(EntryId id, Hash128 scope, long tenant, byte[] frame) {
    return keys.isEmpty()
        ? PromptCard.decode(seed, id, scope, frame)
        : open(CARD, id, scope, tenant, frame)
            .flatMap(opened -> PromptCard.decode(seed, id, scope, opened));
  }

  /**
   * Destroys the key of a tenant, where frames are sealed: none of its frames opens from now on.
   *
   * @throws IOException if the disk does not take it
   */
  public void forget(long tenant) throws IOException {
    if (keys.isPresent()) {
      keys.get().destroy(tenant);
    }
  }

  /**
   * Destroys the keys, of those that were there at the opening, of all other tenants.
   *
   * @throws IOException if the disk does not take it
   */
  public void forgetOthersOfOpening(Set<Long> tenants) throws IOException {
    if (keys.isPresent()) {
      keys.get().retainOfOpening(tenants);
    }
  }

  /** {@return whether the bytes are an intact frame of this entry, whose key is not known} */
  static boolean isSealed(long seed, EntryId id, Hash128 scope, byte[] frame) {
    return Frame.decode(seed, id, scope, frame)
        .filter(sections -> sections[SEALED] != null)
        .isPresent();
  }

  private byte[] seal(byte kind, EntryId id, Hash128 scope, Optional<SecretKey> key, byte[] frame) {
    if (key.isEmpty()) {
      return frame;
    }
    byte[][] sections = new byte[SEALED + 1][];
    sections[SEALED] = Seal.seal(key.get(), context(kind, id, scope), frame);
    return Frame.encode(seed, id, scope, sections);
  }

  private Optional<byte[]> open(byte kind, EntryId id, Hash128 scope, long tenant, byte[] frame) {
    Optional<SecretKey> key = keys.orElseThrow().find(tenant);
    return key.isEmpty()
        ? Optional.empty()
        : Frame.decode(seed, id, scope, frame)
            .filter(sections -> sections[SEALED] != null)
            .flatMap(sections -> Seal.open(key.get(), context(kind, id, scope), sections[SEALED]));
  }

  @Override
  public void close() {
    keys.ifPresent(TenantKeys::close);
  }

  private static byte[] context(byte kind, EntryId id, Hash128 scope) {
    return ByteBuffer.allocate(1 + 4 * Long.BYTES)
        .put(kind)
        .putLong(id.epoch())
        .putLong(id.sequence())
        .putLong(scope.high())
        .putLong(scope.low())
        .array();
  }
}
