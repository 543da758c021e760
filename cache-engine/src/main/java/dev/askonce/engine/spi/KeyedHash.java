package dev.askonce.engine.spi;

import dev.askonce.engine.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes of scopes, texts and names under the secret of one store: HMAC-SHA-256 (RFC 2104), cut to
 * 128 or 64 bits. Without the secret nobody can guess a text from its hash, nor make two scopes
 * collide.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyedHash {
  /** Length of a secret. */
  public static final int SECRET_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final byte DOMAIN_SCOPE = 1;
  private static final byte DOMAIN_TEXT = 2;
  private static final byte DOMAIN_NAME = 3;
  private static final byte DOMAIN_SIGNATURE = 4;
  private static final byte DOMAIN_VECTOR = 5;

  private final Mac prototype;

  /**
   * @param secret {@link #SECRET_BYTES} random bytes; copied
   */
  public KeyedHash(byte[] secret) {
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("secret has " + secret.length + " bytes");
    }
    try {
      prototype = Mac.getInstance(ALGORITHM);
      prototype.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** {@return the identity of a scope in this store} */
  public Hash128 scope(Scope scope) {
    Mac mac = start(DOMAIN_SCOPE);
    return finish(mac, scope.canonical());
  }

  /**
   * {@return the identity of a text within a scope}
   *
   * @param normalisedText a result of {@link #normalise}
   */
  public Hash128 text(Hash128 scope, String normalisedText) {
    Mac mac = start(DOMAIN_TEXT);
    mac.update(ByteBuffer.allocate(16).putLong(scope.high()).putLong(scope.low()).flip());
    return finish(mac, bytes(normalisedText));
  }

  /** {@return the identity of a vector within a scope, for entries without a text} */
  public Hash128 vector(Hash128 scope, byte[] vector) {
    Mac mac = start(DOMAIN_VECTOR);
    mac.update(ByteBuffer.allocate(16).putLong(scope.high()).putLong(scope.low()).flip());
    return finish(mac, vector);
  }

  /** {@return 64 bits for a name of one kind (a tenant, a tag); a collision costs an entry} */
  public long name(String kind, String value) {
    Mac mac = start(DOMAIN_NAME);
    byte[] kindBytes = kind.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(4).putInt(kindBytes.length).flip());
    mac.update(kindBytes);
    return finish(mac, value.getBytes(StandardCharsets.UTF_8)).high();
  }

  /** {@return 64 bits that nobody can make for other bytes} */
  public long signature(byte[] bytes) {
    return finish(start(DOMAIN_SIGNATURE), bytes).high();
  }

  /**
   * {@return the text as the exact tier compares it: Unicode form NFC, white space runs as one
   * space, none at the ends; case as it is, since case can carry meaning}
   */
  public static String normalise(String text) {
    String composed =
        Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFC);
    char[] kept = new char[composed.length()];
    int length = 0;
    for (int i = 0; i < kept.length; i++) {
      char c = composed.charAt(i);
      if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
        kept[length++] = c;
      } else if (length > 0 && kept[length - 1] != ' ') {
        kept[length++] = ' ';
      }
    }
    if (length > 0 && kept[length - 1] == ' ') {
      length--;
    }
    return new String(kept, 0, length);
  }

  /**
   * {@return the characters of a text, two bytes each} Unlike UTF-8 this keeps unpaired surrogates
   * apart, so that different texts have different bytes.
   */
  public static byte[] bytes(String text) {
    byte[] bytes = new byte[2 * text.length()];
    ByteBuffer.wrap(bytes).asCharBuffer().put(text);
    return bytes;
  }

  private Mac start(byte domain) {
    try {
      Mac mac = (Mac) prototype.clone();
      mac.update(domain);
      return mac;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be cloned", e);
    }
  }

  private static Hash128 finish(Mac mac, byte[] last) {
    ByteBuffer digest = ByteBuffer.wrap(mac.doFinal(last));
    return new Hash128(digest.getLong(), digest.getLong());
  }
}
