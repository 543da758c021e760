package dev.askonce.redis.internal.log;

import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@link LogRecord}s as bytes, little-endian. A hash is its high word, then its low word; a list is
 * its length as u32, then its elements; what is absent has the length -1; a text is its UTF-16 code
 * units, so that unpaired surrogates survive.
 *
 * <pre>
 *  put      scope, key  hash    version, expires, tenant, principal, saved  u64
 *           tags  list of u64   text  list of u16   vector  list of f32
 *           content type  list of u16   body  list of bytes
 *  remove   kind u8   scope, key  hash    name, version, keepUntil  u64
 *  touches  scope  hash    keys  list of hash
 *  call     scope  hash
 * </pre>
 *
 * <p>Every list is checked against the bytes that are left before it is allocated, and nothing may
 * follow the last field: each record has exactly one form.
 */
final class RecordCodec {
  static final int PUT = 1;
  static final int REMOVE = 2;
  static final int TOUCHES = 3;
  static final int CALL = 4;

  /** Numbers of the kinds of removal: the order of an enum may change, these may not. */
  private static final List<Removal.Kind> REMOVAL_KINDS =
      List.of(
          Removal.Kind.ENTRY,
          Removal.Kind.SCOPE,
          Removal.Kind.TAG,
          Removal.Kind.TENANT,
          Removal.Kind.PRINCIPAL);

  /** Of vectors that are kept for others. */
  static final int ANY_DIMENSION = -1;

  private static final int ABSENT = -1;
  private static final int HASH_BYTES = 2 * Long.BYTES;
  private static final int REMOVE_BYTES = 1 + 2 * HASH_BYTES + 3 * Long.BYTES;
  private static final int PUT_FIXED_BYTES = 2 * HASH_BYTES + 5 * Long.BYTES + 5 * Integer.BYTES;

  private RecordCodec() {}

  static int kind(LogRecord record) {
    return switch (record) {
      case LogRecord.Put put -> PUT;
      case LogRecord.Remove remove -> REMOVE;
      case LogRecord.Touches touches -> TOUCHES;
      case LogRecord.Call call -> CALL;
    };
  }

  static boolean isKind(int kind) {
    return kind >= PUT && kind <= CALL;
  }

  /** {@return the number that stands for a kind of removal in files and logs} */
  static int number(Removal.Kind kind) {
    return REMOVAL_KINDS.indexOf(kind) + 1;
  }

  /** {@return the removal of these fields, or empty where no removal has them} */
  static Optional<Removal> removal(int kind, Hash128 scope, Hash128 key, long name, long version) {
    if (kind < 1 || kind > REMOVAL_KINDS.size()) {
      return Optional.empty();
    }
    Removal removal = new Removal(REMOVAL_KINDS.get(kind - 1), scope, key, name, version);
    return removal.equals(plain(removal)) ? Optional.of(removal) : Optional.empty();
  }

  /** {@return the same removal, with nothing in the fields that its kind does not use} */
  static Removal plain(Removal removal) {
    return switch (removal.kind()) {
      case ENTRY -> Removal.entry(removal.scope(), removal.key(), removal.version());
      case SCOPE -> Removal.scope(removal.scope(), removal.version());
      case TAG, TENANT, PRINCIPAL ->
          Removal.named(removal.kind(), removal.name(), removal.version());
    };
  }

  /**
   * {@return the bytes of a record}
   *
   * @throws IllegalArgumentException if no reader would take it: more than {@link
   *     LogRecord#TOUCHES_MAX} touches, or more tags than an entry may have
   */
  static byte[] encode(LogRecord record) {
    return switch (record) {
      case LogRecord.Put put -> encode(put.entry());
      case LogRecord.Remove remove -> {
        Removal removal = plain(remove.removal());
        ByteBuffer out = allocate(REMOVE_BYTES).put((byte) number(removal.kind()));
        put(put(out, removal.scope()), removal.key());
        out.putLong(removal.name()).putLong(removal.version()).putLong(remove.keepUntilMillis());
        yield out.array();
      }
      case LogRecord.Touches touches -> {
        List<Hash128> keys = touches.keys();
        if (keys.size() > LogRecord.TOUCHES_MAX) {
          throw new IllegalArgumentException(keys.size() + " keys are too many for one record");
        }
        ByteBuffer out = allocate(HASH_BYTES * (1 + keys.size()) + Integer.BYTES);
        put(out, touches.scope()).putInt(keys.size());
        keys.forEach(key -> put(out, key));
        yield out.array();
      }
      case LogRecord.Call call -> put(allocate(HASH_BYTES), call.scope()).array();
    };
  }

  private static byte[] encode(ReplicaEntry entry) {
    long[] tags = entry.tags();
    if (tags.length > PutOptions.TAGS_MAX) {
      throw new IllegalArgumentException(tags.length + " tags are too many for one entry");
    }
    String text = entry.text().orElse(null);
    float[] vector = entry.vector().orElse(null);
    String contentType = entry.answer().contentType();
    byte[] body = entry.answer().body();
    long length =
        PUT_FIXED_BYTES
            + (long) Long.BYTES * tags.length
            + (text == null ? 0 : (long) Character.BYTES * text.length())
            + (vector == null ? 0 : (long) Float.BYTES * vector.length)
            + (long) Character.BYTES * contentType.length()
            + body.length;
    ByteBuffer out = allocate(Math.toIntExact(length));
    put(put(out, entry.scope()), entry.key());
    out.putLong(entry.version()).putLong(entry.expiresMillis());
    out.putLong(entry.tenant()).putLong(entry.principal()).putLong(entry.savedNanoDollars());
    out.putInt(tags.length);
    for (long tag : tags) {
      out.putLong(tag);
    }
    put(out, text);
    out.putInt(vector == null ? ABSENT : vector.length);
    if (vector != null) {
      out.asFloatBuffer().put(vector);
      out.position(out.position() + Float.BYTES * vector.length);
    }
    put(out, contentType);
    return out.putInt(body.length).put(body).array();
  }

  /**
   * {@return the record of these bytes, or empty if they are not exactly one record of this kind}
   *
   * @param dimension that a vector must have, or {@link #ANY_DIMENSION}
   */
  static Optional<LogRecord> decode(int kind, byte[] bytes, int dimension) {
    Fields in = new Fields(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    Optional<LogRecord> record =
        switch (kind) {
          case PUT -> in.entry(dimension).map(LogRecord.Put::new);
          case REMOVE -> in.remove();
          case TOUCHES -> in.touches();
          case CALL -> in.has(HASH_BYTES) ? Optional.of(new LogRecord.Call(in.hash())) : none();
          default -> none();
        };
    return in.bytes.hasRemaining() ? Optional.empty() : record;
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private static ByteBuffer allocate(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer put(ByteBuffer out, Hash128 hash) {
    return out.putLong(hash.high()).putLong(hash.low());
  }

  private static void put(ByteBuffer out, String text) {
    out.putInt(text == null ? ABSENT : text.length());
    if (text != null) {
      out.asCharBuffer().put(text);
      out.position(out.position() + Character.BYTES * text.length());
    }
  }

  /** Reads fields; what is not there is a negative length, never an exception. */
  private record Fields(ByteBuffer bytes) {
    private static final int BROKEN = -2;

    boolean has(long length) {
      return bytes.remaining() >= length;
    }

    Hash128 hash() {
      return new Hash128(bytes.getLong(), bytes.getLong());
    }

    /** {@return the length of a list, {@link #ABSENT}, or {@link #BROKEN}} */
    int length(int elementBytes) {
      if (!has(Integer.BYTES)) {
        return BROKEN;
      }
      int length = bytes.getInt();
      return length < ABSENT || !has((long) length * elementBytes) ? BROKEN : length;
    }

    String text(int length) {
      String text = bytes.asCharBuffer().limit(length).toString();
      bytes.position(bytes.position() + Character.BYTES * length);
      return text;
    }

    Optional<LogRecord> remove() {
      if (!has(REMOVE_BYTES)) {
        return none();
      }
      return removal(bytes.get(), hash(), hash(), bytes.getLong(), bytes.getLong())
          .map(removal -> new LogRecord.Remove(removal, bytes.getLong()));
    }

    Optional<LogRecord> touches() {
      if (!has(HASH_BYTES)) {
        return none();
      }
      Hash128 scope = hash();
      int count = length(HASH_BYTES);
      if (count < 0 || count > LogRecord.TOUCHES_MAX) {
        return none();
      }
      List<Hash128> keys = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        keys.add(hash());
      }
      return Optional.of(new LogRecord.Touches(scope, keys));
    }

    Optional<ReplicaEntry> entry(int dimension) {
      if (!has(PUT_FIXED_BYTES)) {
        return none();
      }
      Hash128 scope = hash();
      Hash128 key = hash();
      long version = bytes.getLong();
      long expires = bytes.getLong();
      long tenant = bytes.getLong();
      long principal = bytes.getLong();
      long saved = bytes.getLong();
      int tagCount = length(Long.BYTES);
      if (tagCount < 0 || tagCount > PutOptions.TAGS_MAX) {
        return none();
      }
      long[] tags = new long[tagCount];
      for (int i = 0; i < tagCount; i++) {
        tags[i] = bytes.getLong();
      }
      int chars = length(Character.BYTES);
      if (chars == BROKEN) {
        return none();
      }
      Optional<String> text = chars == ABSENT ? none() : Optional.of(text(chars));
      int components = length(Float.BYTES);
      boolean fits = dimension == ANY_DIMENSION ? components >= 0 : components == dimension;
      if (components != ABSENT && !fits) {
        return none();
      }
      Optional<float[]> vector = components == ABSENT ? none() : Optional.of(vector(components));
      return answer()
          .map(
              answer ->
                  new ReplicaEntry(
                      scope, key, version, expires, tenant, principal, tags, saved, text, vector,
                      answer));
    }

    private float[] vector(int components) {
      float[] vector = new float[components];
      bytes.asFloatBuffer().get(vector);
      bytes.position(bytes.position() + Float.BYTES * components);
      return vector;
    }

    private Optional<Answer> answer() {
      int typeChars = length(Character.BYTES);
      if (typeChars < 0 || typeChars > Answer.CONTENT_TYPE_BYTES_MAX) {
        return none();
      }
      String type = text(typeChars);
      int length = length(1);
      if (length < 0
          || type.getBytes(StandardCharsets.UTF_8).length > Answer.CONTENT_TYPE_BYTES_MAX) {
        return none();
      }
      byte[] body = new byte[length];
      bytes.get(body);
      return Optional.of(new Answer(type, body));
    }
  }
}
