package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of origins, derived from an installation's secret, and the ciphers that use them. A key
 * is HMAC-SHA-256 (RFC 2104) under the secret of a label and the origin; the engine's keyed hashes
 * start with other bytes than the label.
 *
 * <p>Thread-safe. Ciphers are kept in a small pool instead of one a thread: virtual threads are
 * many. Keys are kept once they opened something, so that forged origins push none out.
 */
final class SealKeys {
  static final int TAG_BYTES = 16;

  private static final String KEY_ALGORITHM = "HmacSHA256";
  private static final byte[] LABEL = "askonce log seal 1".getBytes(StandardCharsets.US_ASCII);
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;

  /** An origin is one opening of a cache, so this is many more than tell anything at a time. */
  static final int KEYS_MAX = 1024;

  private static final int POOLED = 4 * Runtime.getRuntime().availableProcessors();

  private final SecretKey secret;
  private final Map<Hash128, SecretKey> keys = new ConcurrentHashMap<>();
  private final ArrayBlockingQueue<Cipher> ciphers = new ArrayBlockingQueue<>(POOLED);

  SealKeys(byte[] secret) {
    this.secret = new SecretKeySpec(secret, KEY_ALGORITHM);
  }

  /** {@return how many keys are kept} */
  int kept() {
    return keys.size();
  }

  /** Writes a body behind the header in {@code sealed}, which has the length for both and a tag. */
  void seal(Hash128 origin, long counter, String place, byte[] sealed, byte[] body) {
    SecretKey key = key(origin);
    Cipher cipher = take();
    try {
      start(cipher, Cipher.ENCRYPT_MODE, key, counter, place, sealed);
      cipher.doFinal(body, 0, body.length, sealed, Sealer.HEADER_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + CIPHER, e);
    }
    keep(origin, key);
    ciphers.offer(cipher);
  }

  /** {@return the body behind a header, if the tag holds} */
  Optional<byte[]> open(Hash128 origin, long counter, String place, byte[] sealed) {
    SecretKey key = key(origin);
    Cipher cipher = take();
    try {
      start(cipher, Cipher.DECRYPT_MODE, key, counter, place, sealed);
      byte[] body =
          cipher.doFinal(sealed, Sealer.HEADER_BYTES, sealed.length - Sealer.HEADER_BYTES);
      keep(origin, key);
      return Optional.of(body);
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + CIPHER, e);
    } finally {
      ciphers.offer(cipher);
    }
  }

  private static void start(
      Cipher cipher, int mode, SecretKey key, long counter, String place, byte[] sealed)
      throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(counter).array();
    cipher.init(mode, key, new GCMParameterSpec(Byte.SIZE * TAG_BYTES, nonce));
    // The header has a fixed length, so no other header and place are the same bytes.
    cipher.updateAAD(sealed, 0, Sealer.HEADER_BYTES);
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
  }

  private Cipher take() {
    Cipher cipher = ciphers.poll();
    if (cipher != null) {
      return cipher;
    }
    try {
      return Cipher.getInstance(CIPHER);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + CIPHER, e);
    }
  }

  private SecretKey key(Hash128 origin) {
    SecretKey known = keys.get(origin);
    return known != null ? known : derive(origin);
  }

  private void keep(Hash128 origin, SecretKey key) {
    if (keys.containsKey(origin)) {
      return;
    }
    if (keys.size() >= KEYS_MAX) {
      // Those in use are derived again in microseconds.
      keys.clear();
    }
    keys.put(origin, key);
  }

  private SecretKey derive(Hash128 origin) {
    try {
      Mac mac = Mac.getInstance(KEY_ALGORITHM);
      mac.init(secret);
      mac.update(LABEL);
      byte[] name =
          ByteBuffer.allocate(2 * Long.BYTES).putLong(origin.high()).putLong(origin.low()).array();
      return new SecretKeySpec(mac.doFinal(name), "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + KEY_ALGORITHM, e);
    }
  }
}
