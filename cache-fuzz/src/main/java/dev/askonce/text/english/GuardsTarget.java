package dev.askonce.text.english;

import dev.askonce.engine.decision.Tokens;
import dev.askonce.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Two texts, a line each: no guard throws, objects to a text beside itself, or minds the order. */
public final class GuardsTarget implements Target {
  private final English english = new English();

  @Override
  public void run(byte[] input) {
    String all = new String(input, StandardCharsets.UTF_8);
    int end = all.indexOf('\n');
    Tokens asked = Tokens.of(end < 0 ? all : all.substring(0, end));
    Tokens stored = Tokens.of(end < 0 ? "" : all.substring(end + 1));
    asked.all().forEach(token -> Target.require(!token.folded().isEmpty(), "an empty token"));
    english.covers(asked);
    Target.require(english.objection(asked, asked).isEmpty(), "an objection to the same text");
    Target.require(
        english.objection(asked, stored).isPresent()
            == english.objection(stored, asked).isPresent(),
        "an objection in one order alone");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        "Who isn't 1,000 km from Node.js U.S.?\nwhy did two people use to pay $5 by May"
            .getBytes(StandardCharsets.UTF_8),
        "is Ann Lee taller than Bob\nwas Bob beaten by Ann".getBytes(StandardCharsets.UTF_8));
  }
}
