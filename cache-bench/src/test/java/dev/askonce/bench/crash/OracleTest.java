package dev.askonce.bench.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.crash.Event.Group;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Route;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OracleTest {
  private static final int SCOPE = 3;
  private static final int KEY = 8;
  private static final long TTL = 3_600_000;

  @TempDir Path temp;

  private final Truth truth = new Truth(1, 400);
  private Oracle oracle;
  private long sequence;

  @BeforeEach
  void open() throws IOException {
    oracle = Oracle.open(temp.resolve("oracle"));
    oracle.opening();
  }

  @AfterEach
  void close() throws IOException {
    oracle.close();
  }

  /** As the next process does after this one was killed. */
  private void reopen() throws IOException {
    oracle.close();
    open();
  }

  private Version begin() {
    return oracle.beginPut(SCOPE, KEY, 2, 1, TTL);
  }

  private Version put() {
    Version version = begin();
    oracle.donePut(version, new EntryId(1, ++sequence));
    return version;
  }

  private Hit hit(Version version) {
    Answer answer = truth.answer(version.scope, version.key, version.number);
    return new Hit(
        new HitId(
            version.id.orElse(new EntryId(1, 99)),
            0,
            Hash128.ZERO,
            Hash128.ZERO,
            0,
            Route.DEFAULT_NAME,
            new KeyedHash(new byte[KeyedHash.SECRET_BYTES])),
        HitKind.EXACT,
        1,
        answer,
        Instant.ofEpochMilli(version.expiresMin - TTL),
        Instant.ofEpochMilli(version.expiresMin),
        version.number);
  }

  private Optional<String> fault(Version version, int scope, int key) {
    Hit hit = hit(version);
    return oracle.fault(
        truth.claim(hit.answer()).orElseThrow(),
        hit,
        scope,
        key,
        oracle.length(),
        System.currentTimeMillis());
  }

  private void assertRight(Version version) {
    assertEquals(Optional.empty(), fault(version, SCOPE, KEY));
  }

  private void assertWrong(Version version) {
    assertTrue(fault(version, SCOPE, KEY).isPresent());
  }

  private boolean isCertain(Version version) {
    return oracle.isCertain(version, System.currentTimeMillis());
  }

  @Test
  void doneVersion_mustBeThere() {
    Version version = put();
    assertRight(version);
    assertTrue(isCertain(version));
    assertFalse(oracle.isCertain(version, version.expiresMin));
  }

  @Test
  void otherScopeOrKey_isWrong() {
    Version version = put();
    assertTrue(fault(version, SCOPE + 1, KEY).isPresent());
    assertTrue(fault(version, SCOPE, KEY + 4).isPresent());
    assertEquals(Optional.empty(), fault(version, SCOPE, KEY + 1), "a sibling may answer");
  }

  @Test
  void replacedVersion_isWrong() {
    Version old = put();
    Version pending = begin();
    assertRight(old);
    assertFalse(isCertain(old), "the replacement may have had its effect");
    oracle.donePut(pending, new EntryId(1, 77));
    assertWrong(old);
    assertRight(pending);
  }

  @Test
  void versionOfLongAgo_isWrongAfterReopening() throws IOException {
    Version old = put();
    put();
    reopen();
    assertWrong(old);
  }

  @Test
  void pendingPut_mayBeThereOrNot_untilItIsLookedAt() throws IOException {
    Version old = put();
    Version pending = begin();
    reopen();
    List<Version> present = oracle.present(SCOPE, KEY);
    assertEquals(2, present.size());
    assertRight(pending);
    assertRight(old);
    oracle.missed(present.getLast());
    oracle.found(present.getFirst(), hit(old));
    assertWrong(pending);
    assertRight(old);
    assertTrue(isCertain(present.getFirst()));
  }

  @Test
  void versionFoundById_mayExpireWheneverItsPutMayHaveSaid() {
    Version version = begin();
    long begun = System.currentTimeMillis();
    while (System.currentTimeMillis() == begun) {
      Thread.onSpinWait();
    }
    oracle.donePut(version, new EntryId(1, ++sequence));
    oracle.found(version);
    assertTrue(version.expiresMin < version.expiresMax);
    assertRight(version);
  }

  @Test
  void invalidation_takesWhatWasDoneBefore_andMayTakeWhatCameMeanwhile() {
    Version before = put();
    long number = oracle.beginGone(Group.TAG, 1);
    assertRight(before);
    Version meanwhile = oracle.beginPut(SCOPE, KEY + 1, 2, 1, TTL);
    oracle.donePut(meanwhile, new EntryId(1, 55));
    oracle.doneGone(number);
    assertWrong(before);
    assertRight(meanwhile);
    assertFalse(isCertain(meanwhile));
  }

  @Test
  void invalidationWithoutEnd_leavesAllUncertain() throws IOException {
    put();
    oracle.beginGone(Group.TENANT, SCOPE);
    reopen();
    Version version = oracle.present(SCOPE, KEY).getFirst();
    assertRight(version);
    assertFalse(isCertain(version));
  }

  @Test
  void otherGroups_stay() {
    Version version = put();
    oracle.doneGone(oracle.beginGone(Group.TAG, 0));
    oracle.doneGone(oracle.beginGone(Group.WRITER, 2));
    oracle.doneGone(oracle.beginGone(Group.SCOPE, SCOPE - 1));
    oracle.doneGone(oracle.beginGone(Group.TENANT, SCOPE + 1));
    assertTrue(isCertain(version));
    assertRight(version);
  }

  @Test
  void expiredVersion_isWrong() {
    Version version = put();
    Hit hit = hit(version);
    Truth.Claim claim = truth.claim(hit.answer()).orElseThrow();
    assertTrue(
        oracle.fault(claim, hit, SCOPE, KEY, oracle.length(), version.expiresMax).isPresent());
  }

  @Test
  void alteredBytes_areNobodys() {
    Answer answer = truth.answer(SCOPE, KEY, 5);
    byte[] body = answer.body().clone();
    body[body.length - 1] ^= 1;
    assertEquals(Optional.empty(), truth.claim(new Answer(answer.contentType(), body)));
    assertEquals(Optional.of(new Truth.Claim(SCOPE, KEY, 5)), truth.claim(answer));
  }

  @Test
  void tornLastEvent_isCutOff_andDamageIsRefused() throws IOException {
    Version version = put();
    Path file = temp.resolve("oracle");
    Files.write(file, new byte[20], StandardOpenOption.APPEND);
    reopen();
    assertEquals(version.number, oracle.present(SCOPE, KEY).getFirst().number);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {9}), 70);
    }
    assertThrows(IOException.class, () -> Oracle.open(file));
  }
}
