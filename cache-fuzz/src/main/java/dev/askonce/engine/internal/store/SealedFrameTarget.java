package dev.askonce.engine.internal.store;

import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.spi.AnswerFrame;
import dev.askonce.engine.spi.Frame;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Frames of an encrypted store: bytes that were not sealed for this entry, kind and tenant do not
 * open, whatever their checksums say; and what was sealed, if only with bytes that are no frame, is
 * read as in a store that is not encrypted.
 */
public final class SealedFrameTarget implements Target {
  private static final long SEED = 0x5EED;
  private static final EntryId ID = new EntryId(3, 5);
  private static final Hash128 SCOPE = new Hash128(7, 9);
  private static final long TENANT = 1;
  private static final long OTHER = 2;
  private static final byte[] CLAIMS = new byte[SlotRecord.CLAIM_BYTES];
  private static final UUID STORE = new UUID(5, 7);
  private static final int SEALED = 4;

  private static final int SEAL = 1;
  private static final int CHANGE = 2;
  private static final int AS_CARD = 4;

  private final FrameCodec codec;
  private final SecretKey key;

  public SealedFrameTarget() throws IOException {
    Path directory = MemoryFolder.create("askonce-fuzz-").path();
    MasterKey master = new MasterKey(new byte[MasterKey.BYTES]);
    TenantKeys.create(directory, STORE, master);
    TenantKeys keys = TenantKeys.open(directory, STORE, master);
    key = keys.findOrMake(TENANT);
    keys.findOrMake(OTHER);
    codec = new FrameCodec(SEED, Optional.of(keys));
  }

  /* An input: flags, a byte that may be changed and to what, then what is sealed, or stands in the
   * place of a sealed text. */

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int flags = input.next();
    int at = input.next();
    byte change = (byte) input.next();
    byte[] rest = input.rest();
    boolean isCard = (flags & AS_CARD) != 0;
    byte[] text = (flags & SEAL) != 0 ? Seal.seal(key, context(isCard), rest) : rest;
    boolean changed = (flags & CHANGE) != 0 && change != 0 && text.length > 0;
    if (changed) {
      text[at % text.length] ^= change;
    }
    byte[][] sections = new byte[SEALED + 1][];
    sections[SEALED] = text;
    byte[] frame = Frame.encode(SEED, ID, SCOPE, sections);
    Optional<Answer> answer = codec.answer(owner(TENANT), frame);
    Optional<PromptCard> card = codec.card(owner(TENANT), frame);
    boolean opens = (flags & SEAL) != 0 && !changed;
    Target.require(
        answer.equals(
            opens && !isCard ? AnswerFrame.decode(SEED, ID, SCOPE, rest) : Optional.empty()),
        "another answer than was sealed");
    boolean wanted = opens && isCard && PromptCard.decode(SEED, ID, SCOPE, rest).isPresent();
    Target.require(card.isPresent() == wanted, "another card than was sealed");
    Target.require(codec.answer(owner(OTHER), frame).isEmpty(), "opened by another tenant");
    Target.require(codec.card(owner(OTHER + 1), frame).isEmpty(), "opened without a key");
    Target.require(codec.answer(owner(TENANT), rest).isEmpty(), "a frame that is not sealed");
    byte[] claims = CLAIMS.clone();
    claims[at % claims.length] = 1;
    FrameOwner claiming = new FrameOwner(ID, SCOPE, TENANT, claims);
    Target.require(codec.answer(claiming, frame).isEmpty(), "opened for another record");
  }

  private static FrameOwner owner(long tenant) {
    return new FrameOwner(ID, SCOPE, tenant, CLAIMS);
  }

  private static byte[] context(boolean isCard) {
    byte[] context = new byte[1 + CLAIMS.length];
    context[0] = (byte) (isCard ? 2 : 1);
    return context;
  }

  @Override
  public List<byte[]> seeds() {
    byte[] answer = AnswerFrame.encode(SEED, ID, SCOPE, Answer.text("yes"));
    byte[] card = new PromptCard(Optional.of("why?"), new long[] {1, 2}).encode(SEED, ID, SCOPE);
    byte[] foreign = Seal.seal(new SecretKeySpec(new byte[32], "AES"), context(false), answer);
    return List.of(
        seed(SEAL, answer),
        seed(SEAL | AS_CARD, card),
        seed(SEAL | CHANGE, answer),
        seed(0, foreign));
  }

  private static byte[] seed(int flags, byte[] rest) {
    return ByteBuffer.allocate(3 + rest.length)
        .put((byte) flags)
        .put((byte) 20)
        .put((byte) 1)
        .put(rest)
        .array();
  }
}
