package dev.askonce.engine.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.spi.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnyLanguageGuardsTest {
  private static void assertObjects(Guard guard, Verdict refusal, String asked, String stored) {
    assertEquals(Optional.of(refusal), guard.objection(Tokens.of(asked), Tokens.of(stored)), asked);
    assertEquals(
        Optional.of(refusal), guard.objection(Tokens.of(stored), Tokens.of(asked)), stored);
  }

  private static void assertSilent(Guard guard, String asked, String stored) {
    assertEquals(Optional.empty(), guard.objection(Tokens.of(asked), Tokens.of(stored)), asked);
  }

  @Test
  void numbers_mustBeTheSame() {
    NumberGuard guard = new NumberGuard();
    assertObjects(guard, NumberGuard.REFUSAL, "innerhalb von 30 Tagen", "innerhalb von 60 Tagen");
    assertObjects(guard, NumberGuard.REFUSAL, "1+1", "21+1");
    assertObjects(guard, NumberGuard.REFUSAL, "5+3", "5-3");
    assertObjects(guard, NumberGuard.REFUSAL, "top 10", "top");
    assertObjects(guard, NumberGuard.REFUSAL, "2 und 2", "2");
    assertSilent(guard, "1,000 Stück", "Stück: 1000");
    assertSilent(guard, "von 3 bis 5", "5 und 3");
  }

  @Test
  void identifiers_mustBeInBoth() {
    IdentifierGuard guard = new IdentifierGuard();
    assertObjects(guard, IdentifierGuard.REFUSAL, "open setup.exe", "open setup.msi");
    assertObjects(guard, IdentifierGuard.REFUSAL, "is example.org safe", "is it safe");
    assertObjects(guard, IdentifierGuard.REFUSAL, "learn C++", "learn C#");
    assertSilent(guard, "learn Node.js", "learn NodeJS");
    assertSilent(guard, "learn Node.js", "learn node js");
  }
}
