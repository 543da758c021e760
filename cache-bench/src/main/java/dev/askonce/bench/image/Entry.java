package dev.askonce.bench.image;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;

/**
 * What was stored once: a text of a scope, and its answer, which names both.
 *
 * @param vector the text's, far from that of any other text
 */
public record Entry(Scope scope, String text, float[] vector, Answer answer) {
  /**
   * {@return an entry that anybody can make again from these numbers}
   *
   * @param version told apart by its answer alone
   */
  public static Entry of(int tenant, int question, int version, Texts texts) {
    String text = "question " + question;
    String body = "tenant " + tenant + ", " + text + ", version " + version + ": ";
    return new Entry(
        Scope.tenant("tenant " + tenant).with("model", "m"),
        text,
        texts.vector(text),
        Answer.text(body + "yes, no. ".repeat(1 + Math.floorMod(question * 7 + tenant, 9))));
  }
}
