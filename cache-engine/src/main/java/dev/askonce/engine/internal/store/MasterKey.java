package dev.askonce.engine.internal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The operator's key of an encrypted store, and what is derived from it for one purpose each: HKDF
 * with SHA-256 (RFC 5869), salted with the store's uuid. It is on no disk of ours.
 *
 * <p>Immutable and thread-safe.
 */
public final class MasterKey {
  /** Length of a key. */
  public static final int BYTES = 32;

  private static final String ALGORITHM = "HKDF-SHA256";
  private final SecretKey key;

  /**
   * @param bytes {@link #BYTES} random bytes; copied
   */
  public MasterKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("key has " + bytes.length + " bytes, not " + BYTES);
    }
    key = new SecretKeySpec(bytes, "HKDF");
  }

  /** {@return the key that tenants' keys are sealed with} */
  SecretKey wrapping(UUID store) {
    return new SecretKeySpec(derive(store, "wrap", new byte[0]), "AES");
  }

  /** {@return what tells whether a key is the one of a store, and nothing about the key} */
  byte[] check(UUID store) {
    return derive(store, "check", new byte[0]);
  }

  /** {@return the secret of a store's keyed hashes, of which the one on the disk is a part} */
  public byte[] hashSecret(UUID store, byte[] secretOnDisk) {
    return derive(store, "hash", secretOnDisk);
  }

  private byte[] derive(UUID store, String purpose, byte[] more) {
    byte[] salt =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(store.getMostSignificantBits())
            .putLong(store.getLeastSignificantBits())
            .array();
    byte[] label = ("askonce " + purpose).getBytes(StandardCharsets.US_ASCII);
    byte[] info = ByteBuffer.allocate(label.length + more.length).put(label).put(more).array();
    try {
      return KDF.getInstance(ALGORITHM)
          .deriveData(
              HKDFParameterSpec.ofExtract().addIKM(key).addSalt(salt).thenExpand(info, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has " + ALGORITHM, e);
    }
  }
}
