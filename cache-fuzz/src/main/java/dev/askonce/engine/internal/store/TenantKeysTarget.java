package dev.askonce.engine.internal.store;

import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import net.openhft.hashing.LongHashFunction;

/**
 * The file {@code KEYS} after changes, with checksums that hold again if the input says so: a
 * tenant has its own key or none, and has it where its record was not changed.
 */
public final class TenantKeysTarget implements Target {
  private static final int RECORD = 128;
  private static final int CHECKSUM = RECORD - Long.BYTES;
  private static final int TENANTS = 3;
  private static final int CHANGES_MAX = 32;
  private static final UUID STORE = new UUID(5, 7);
  private static final MasterKey MASTER = new MasterKey(new byte[MasterKey.BYTES]);

  private static final int WITH_CHECKSUMS = 1;
  private static final int CUT = 2;

  private final Path file;
  private final RandomAccessFile content;
  private final byte[] whole;
  private final SecretKey[] keys = new SecretKey[TENANTS];

  public TenantKeysTarget() throws IOException {
    Path directory = MemoryFolder.create("askonce-fuzz-").path();
    TenantKeys.create(directory, STORE, MASTER);
    file = TenantKeys.file(directory);
    try (TenantKeys made = TenantKeys.open(directory, STORE, MASTER)) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        keys[tenant] = made.findOrMake(tenant);
      }
    }
    whole = Files.readAllBytes(file);
    content = new RandomAccessFile(file.toFile(), "rw");
  }

  /* An input: flags, a length, then changes: a place in the file, what is there from then on. */

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int flags = input.next();
    int length = (input.next() << 8 | input.next()) % (2 * whole.length);
    byte[] changed = Arrays.copyOf(whole, (flags & CUT) != 0 ? length : whole.length);
    for (int i = 0; i < CHANGES_MAX && !input.isEmpty() && changed.length > 0; i++) {
      int at = (input.next() << 8 | input.next()) % changed.length;
      changed[at] = (byte) input.next();
    }
    if ((flags & WITH_CHECKSUMS) != 0) {
      for (int from = 0; from + RECORD <= changed.length; from += RECORD) {
        long checksum = LongHashFunction.xx3().hashBytes(changed, from, CHECKSUM);
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(from + CHECKSUM, checksum);
      }
    }
    boolean isWhole = TenantKeys.problems(changed).isEmpty();
    try {
      // Not closed: that would close the file, which the next input needs.
      check(TenantKeys.read(file, changed, content, STORE, MASTER), changed);
    } catch (DamagedFileException e) {
      Target.require(!Arrays.equals(changed, whole), "a whole file is refused");
      Target.require(!isWhole || (flags & WITH_CHECKSUMS) != 0, "damage that fsck does not see");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(TenantKeys read, byte[] changed) {
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      Optional<SecretKey> found = read.find(tenant);
      Target.require(
          found.isEmpty() || found.get().equals(keys[tenant]), "another key than the tenant's");
      int from = (1 + tenant) * RECORD;
      boolean same =
          changed.length >= from + RECORD
              && Arrays.equals(changed, from, from + RECORD, whole, from, from + RECORD);
      Target.require(found.isPresent() || !same, "a key that is there is not found");
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        new byte[] {0},
        new byte[] {WITH_CHECKSUMS, 0, 0, 0, 8, 2, 0, (byte) 128, 1},
        new byte[] {CUT, 1, 0, 1, (byte) 200, 9});
  }
}
