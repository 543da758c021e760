package dev.askonce.engine.internal.store;

import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.fuzz.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/** The file {@code SECRET}: a secret is taken as it was written, or not at all. */
public final class SecretTarget implements Target {
  private static final int BYTES = KeyedHash.SECRET_BYTES + Long.BYTES;

  @Override
  public void run(byte[] input) {
    check(input);
    if (input.length >= KeyedHash.SECRET_BYTES) {
      Target.require(check(withChecksum(input)), "a whole secret is refused");
    }
  }

  private static boolean check(byte[] content) {
    byte[] secret = StoreDirectory.secret(content);
    if (secret.length > 0) {
      Target.require(Arrays.equals(withChecksum(secret), content), "not what was written");
    }
    return secret.length > 0;
  }

  private static byte[] withChecksum(byte[] bytes) {
    byte[] secret = Arrays.copyOf(bytes, KeyedHash.SECRET_BYTES);
    ByteBuffer content = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return content.put(secret).putLong(LongHashFunction.xx3().hashBytes(secret)).array();
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(withChecksum(new byte[0]));
  }
}
