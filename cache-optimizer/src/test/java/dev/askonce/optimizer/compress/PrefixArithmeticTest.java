package dev.askonce.optimizer.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.cost.Price;
import org.junit.jupiter.api.Test;

class PrefixArithmeticTest {
  private static final long DOLLAR = 1_000_000_000;
  private static final PrefixArithmetic HALF =
      PrefixArithmetic.openAi(new Price(4 * DOLLAR, 2 * DOLLAR, 4 * DOLLAR, 10 * DOLLAR));
  private static final PrefixArithmetic TENTH =
      PrefixArithmetic.openAi(new Price(10 * DOLLAR, DOLLAR, 10 * DOLLAR, 10 * DOLLAR));

  /** A write costs a quarter more than plain input. */
  private static final PrefixArithmetic DEAR_WRITE =
      PrefixArithmetic.openAi(new Price(4 * DOLLAR, 4 * DOLLAR / 10, 5 * DOLLAR, 10 * DOLLAR));

  @Test
  void cachedTokens_beginAtTheMinimumAndGoInSteps() {
    assertEquals(0, HALF.cachedTokens(1_023));
    assertEquals(1_024, HALF.cachedTokens(1_024));
    assertEquals(1_024, HALF.cachedTokens(1_151));
    assertEquals(1_152, HALF.cachedTokens(1_152));
    assertEquals(1_024 + 7 * 128, HALF.cachedTokens(2_000));
  }

  @Test
  void shared_isPaidOnceInFullAndThenAtTheCachedPrice() {
    // 1,024 tokens: 4,096,000 nano-dollars in full, half of it cached.
    assertEquals(4_096_000, HALF.sharedNanoDollars(1_024, 1));
    assertEquals(4_096_000 + 9 * 2_048_000, HALF.sharedNanoDollars(1_024, 10));
    // What is beyond the last step is never cached.
    assertEquals(4_496_000 + 9 * 2_448_000, HALF.sharedNanoDollars(1_124, 10));
    assertEquals(10 * 4_000_000, HALF.sharedNanoDollars(1_000, 10));
    assertEquals(0, HALF.sharedNanoDollars(1_024, 0));
  }

  @Test
  void compressingForEach_paysOnlyBeyondTheDiscount() {
    long calls = 1_000_000; // the first call, in full, hardly counts
    assertTrue(HALF.paysForEach(0, 10_240, 5_100, calls));
    assertFalse(HALF.paysForEach(0, 10_240, 5_200, calls));
    assertTrue(TENTH.paysForEach(0, 10_240, 1_000, calls));
    assertFalse(TENTH.paysForEach(0, 10_240, 3_400, calls)); // three times shorter, and dearer
  }

  @Test
  void compressingForEach_whereTheCacheIsNotUsed_paysAlways() {
    assertTrue(TENTH.paysForEach(0, 1_000, 999, 100));
    assertTrue(TENTH.paysForEach(0, 10_240, 10_000, 1));
  }

  @Test
  void compressingForEach_countsWhatStandsBefore() {
    // Alone, 1,000 tokens are not cached; behind 1,000 others they are.
    assertTrue(TENTH.paysForEach(0, 1_000, 300, 1_000));
    assertFalse(TENTH.paysForEach(1_048, 1_000, 300, 1_000));
  }

  @Test
  void compressingOnce_belowTheMinimum_costsMore() {
    assertFalse(HALF.paysOnce(1_200, 800, 1_000));
    assertTrue(HALF.paysOnce(1_200, 500, 1_000));
    assertTrue(HALF.paysOnce(4_096, 2_048, 1_000));
  }

  @Test
  void dearWrite_isPaidBackAtTheSecondCall() {
    assertFalse(DEAR_WRITE.cachingPays(1_024, 1));
    assertTrue(DEAR_WRITE.cachingPays(1_024, 2));
    double relative =
        (double) DEAR_WRITE.sharedNanoDollars(1_024, 10) / DEAR_WRITE.eachNanoDollars(1_024, 10);
    assertEquals(0.215, relative, 1e-9); // (1.25 + 9 · 0.1) / 10
  }

  @Test
  void settingsThatMakeNoSense_areRefused() {
    Price price = new Price(1, 1, 1, 1);
    assertThrows(ChatException.InvalidSetting.class, () -> new PrefixArithmetic(price, -1, 128));
    assertThrows(ChatException.InvalidSetting.class, () -> new PrefixArithmetic(price, 0, 0));
  }
}
