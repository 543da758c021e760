package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final UUID STORE = new UUID(1, 2);
  private static final byte[] CONTEXT = {1, 2, 3};

  private static SecretKey key(int filling) {
    byte[] bytes = new byte[MasterKey.BYTES];
    Arrays.fill(bytes, (byte) filling);
    return new SecretKeySpec(bytes, "AES");
  }

  private static MasterKey master(int filling) {
    return new MasterKey(key(filling).getEncoded());
  }

  @Test
  void sealed_opensWithKeyAndContextAlone() {
    for (int length : new int[] {0, 1, 1000}) {
      byte[] text = new byte[length];
      byte[] sealed = Seal.seal(key(1), CONTEXT, text);
      assertArrayEquals(text, Seal.open(key(1), CONTEXT, sealed).orElseThrow());
      assertTrue(Seal.open(key(2), CONTEXT, sealed).isEmpty());
      assertTrue(Seal.open(key(1), new byte[] {1, 2, 4}, sealed).isEmpty());
    }
  }

  @Test
  void sealed_twice_differs() {
    byte[] text = new byte[16];
    assertFalse(Arrays.equals(Seal.seal(key(1), CONTEXT, text), Seal.seal(key(1), CONTEXT, text)));
  }

  @Test
  void sealed_changedOrCut_doesNotOpen() {
    byte[] sealed = Seal.seal(key(1), CONTEXT, new byte[5]);
    for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertTrue(Seal.open(key(1), CONTEXT, changed).isEmpty(), "bit " + bit);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertTrue(Seal.open(key(1), CONTEXT, Arrays.copyOf(sealed, length)).isEmpty());
    }
  }

  @Test
  void masterKey_derivesForEachStoreAndPurpose() {
    byte[] check = master(1).check(STORE);
    assertArrayEquals(check, master(1).check(STORE));
    assertFalse(Arrays.equals(check, master(2).check(STORE)));
    assertFalse(Arrays.equals(check, master(1).check(new UUID(1, 3))));
    assertFalse(Arrays.equals(check, master(1).wrapping(STORE).getEncoded()));
    assertFalse(Arrays.equals(check, master(1).hashSecret(STORE, new byte[0])));
    assertFalse(
        Arrays.equals(
            master(1).hashSecret(STORE, new byte[] {1}),
            master(1).hashSecret(STORE, new byte[] {2})));
    assertNotEquals(master(1).wrapping(STORE), master(2).wrapping(STORE));
  }

  @Test
  void masterKey_ofAnotherLength_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new MasterKey(new byte[16]));
  }
}
