package dev.askonce.optimizer.compress;

import dev.askonce.optimizer.chat.ChatException;
import java.util.Objects;
import java.util.Optional;

/**
 * What may be done to the prompts of an endpoint. Immutable.
 *
 * @param lossless whether white space, JSON and tables are written tighter
 * @param duplicates whether a paragraph of the user or of a tool that is there twice is said once
 * @param material what shortens the material of a question; empty: nothing does
 * @param materialTokensMin shorter material stays as it is
 * @param materialStart what stands before material inside of a message
 * @param materialEnd what stands behind it
 * @param volatileLast whether what stands between {@link PrefixLayout#START} and {@link
 *     PrefixLayout#END} in a system message may be moved to its end
 * @param cacheKey when {@code prompt_cache_key} is set
 */
public record CompressSettings(
    boolean lossless,
    boolean duplicates,
    Optional<MaterialCompressor> material,
    long materialTokensMin,
    String materialStart,
    String materialEnd,
    boolean volatileLast,
    CacheKey cacheKey) {
  /** When a request without a {@code prompt_cache_key} gets one. */
  public enum CacheKey {
    /** Where the request goes to OpenAI itself. */
    OPENAI,
    /** Always: another provider is known to take it. */
    ALWAYS,
    NEVER
  }

  /** Without a loss only; nothing is moved. */
  public static final CompressSettings DEFAULTS =
      new CompressSettings(
          true, true, Optional.empty(), 300, "<context>", "</context>", false, CacheKey.OPENAI);

  public CompressSettings {
    Objects.requireNonNull(material, "material");
    Objects.requireNonNull(cacheKey, "cacheKey");
    if (materialTokensMin < 0) {
      throw new ChatException.InvalidSetting(
          "materialTokensMin " + materialTokensMin + " is negative");
    }
    if (materialStart.isBlank() || materialEnd.isBlank()) {
      throw new ChatException.InvalidSetting("a mark of the material is blank");
    }
  }

  public CompressSettings lossless(boolean value) {
    return new CompressSettings(
        value,
        duplicates,
        material,
        materialTokensMin,
        materialStart,
        materialEnd,
        volatileLast,
        cacheKey);
  }

  public CompressSettings duplicates(boolean value) {
    return new CompressSettings(
        lossless,
        value,
        material,
        materialTokensMin,
        materialStart,
        materialEnd,
        volatileLast,
        cacheKey);
  }

  /**
   * Allows a loss. Material is what stands between the marks in a user's message, whose rest asks;
   * or, of a message of several text parts, all but the last, which asks. Never a system message.
   */
  public CompressSettings material(MaterialCompressor value) {
    return new CompressSettings(
        lossless,
        duplicates,
        Optional.of(value),
        materialTokensMin,
        materialStart,
        materialEnd,
        volatileLast,
        cacheKey);
  }

  public CompressSettings materialTokensMin(long value) {
    return new CompressSettings(
        lossless, duplicates, material, value, materialStart, materialEnd, volatileLast, cacheKey);
  }

  public CompressSettings marks(String start, String end) {
    return new CompressSettings(
        lossless, duplicates, material, materialTokensMin, start, end, volatileLast, cacheKey);
  }

  public CompressSettings volatileLast(boolean value) {
    return new CompressSettings(
        lossless,
        duplicates,
        material,
        materialTokensMin,
        materialStart,
        materialEnd,
        value,
        cacheKey);
  }

  public CompressSettings cacheKey(CacheKey value) {
    return new CompressSettings(
        lossless,
        duplicates,
        material,
        materialTokensMin,
        materialStart,
        materialEnd,
        volatileLast,
        value);
  }
}
