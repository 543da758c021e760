package dev.askonce.optimizer.compress;

import dev.askonce.optimizer.compress.PrefixTracker.Shared;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Shortens the material of a request's questions, unless the provider's cache makes it cheaper as
 * it is. What was once sent in one form stays in it.
 */
final class Material {
  private final String endpoint;
  private final CompressSettings settings;
  private final ToLongFunction<String> tokens;
  private final Remembered remembered;
  private final Shared shared;
  private final Optional<PrefixArithmetic> arithmetic;
  private long saved;

  Material(
      String endpoint,
      CompressSettings settings,
      ToLongFunction<String> tokens,
      Remembered remembered,
      Shared shared,
      Optional<PrefixArithmetic> arithmetic) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.tokens = tokens;
    this.remembered = remembered;
    this.shared = shared;
    this.arithmetic = arithmetic;
  }

  /**
   * {@return the text of a message with the material between its marks made shorter}
   *
   * @param place where the text begins in the whole prompt
   */
  String within(String text, int place) {
    int start = text.indexOf(settings.materialStart());
    int end = start < 0 ? -1 : text.indexOf(settings.materialEnd(), start);
    if (settings.material().isEmpty() || end < 0) {
      return text;
    }
    int from = start + settings.materialStart().length();
    String question =
        text.substring(0, start) + text.substring(end + settings.materialEnd().length());
    if (question.isBlank()) {
      return text;
    }
    String material = text.substring(from, end);
    String shorter = shorter(question.strip(), material, place + from);
    return shorter.equals(material)
        ? text
        : text.substring(0, from) + "\n" + shorter + "\n" + text.substring(end);
  }

  /**
   * {@return the material, shorter where that is allowed and pays}
   *
   * @param place where it begins in the whole prompt
   */
  String shorter(String question, String material, int place) {
    if (settings.material().isEmpty()) {
      return material;
    }
    Remembered.Key key = new Remembered.Key("asked at " + endpoint + ": " + question, material);
    Optional<Remembered.Form> sent = remembered.form(key);
    if (sent.isPresent()) {
      saved += sent.get().saved();
      return sent.get().text();
    }
    long before = tokens.applyAsLong(material);
    if (before < settings.materialTokensMin()) {
      return material;
    }
    int sharing = shared.requests(place + material.length());
    Remembered.Form form = new Remembered.Form(material, 0);
    // What is shared with no other request is new to the provider's cache in any case.
    if (sharing == 0 || arithmetic.isPresent()) {
      String shorter = settings.material().get().compress(question, material, tokens);
      long after = tokens.applyAsLong(shorter);
      // What stands before is as dense as the material, near enough for a decision.
      long stable = before * place / material.length();
      boolean pays =
          sharing == 0 || arithmetic.get().paysForEach(stable, before, after, sharing + 1L);
      if (!shorter.isBlank() && after < before && pays) {
        form = new Remembered.Form(shorter, before - after);
      }
    }
    remembered.put(key, form);
    saved += form.saved();
    return form.text();
  }

  /** {@return how many tokens all that was shortened until now has fewer} */
  long saved() {
    return saved;
  }
}
