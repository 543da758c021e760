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
 *   type 5  expiry        u64, ms since 1970             of an answer of the exact tier
 * </pre>
 *
 * <p>A seal is bound to: 1 for an answer or 2 for a card, one byte; then bytes 8..104 of the
 * entry's record, so that no record can be given another text, time or tenant.
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

  /** {@return whether frames are sealed} */
  public boolean isSealing() {
    return keys.isPresent();
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
  public byte[] encode(FrameOwner owner, Optional<SecretKey> key, Answer answer) {
    return seal(ANSWER, owner, key, AnswerFrame.encode(seed, owner.id(), owner.scope(), answer));
  }

  /** {@return the frame of a card} */
  public byte[] encode(FrameOwner owner, Optional<SecretKey> key, PromptCard card) {
    return seal(CARD, owner, key, card.encode(seed, owner.id(), owner.scope()));
  }

  /** {@return the answer, or empty if the bytes are not this entry's intact frame} */
  public Optional<Answer> answer(FrameOwner owner, byte[] frame) {
    return opened(ANSWER, owner, frame)
        .flatMap(bytes -> AnswerFrame.decode(seed, owner.id(), owner.scope(), bytes));
  }

  /** {@return the card, or empty if the bytes are not this entry's intact frame} */
  public Optional<PromptCard> card(FrameOwner owner, byte[] frame) {
    return opened(CARD, owner, frame)
        .flatMap(bytes -> PromptCard.decode(seed, owner.id(), owner.scope(), bytes));
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

  private byte[] seal(byte kind, FrameOwner owner, Optional<SecretKey> key, byte[] frame) {
    if (key.isEmpty()) {
      return frame;
    }
    byte[][] sections = new byte[SEALED + 1][];
    sections[SEALED] = Seal.seal(key.get(), context(kind, owner), frame);
    return Frame.encode(seed, owner.id(), owner.scope(), sections);
  }

  private Optional<byte[]> opened(byte kind, FrameOwner owner, byte[] frame) {
    if (keys.isEmpty()) {
      return Optional.of(frame);
    }
    Optional<SecretKey> key = keys.get().find(owner.tenant());
    return key.isEmpty()
        ? Optional.empty()
        : Frame.decode(seed, owner.id(), owner.scope(), frame)
            .filter(sections -> sections[SEALED] != null)
            .flatMap(sections -> Seal.open(key.get(), context(kind, owner), sections[SEALED]));
  }

  @Override
  public void close() {
    keys.ifPresent(TenantKeys::close);
  }

  private static byte[] context(byte kind, FrameOwner owner) {
    return ByteBuffer.allocate(1 + owner.claims().length).put(kind).put(owner.claims()).array();
  }
}
