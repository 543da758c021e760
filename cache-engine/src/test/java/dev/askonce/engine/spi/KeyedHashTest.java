package dev.askonce.engine.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.askonce.engine.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyedHashTest {
  private static final KeyedHash HASH = new KeyedHash(new byte[KeyedHash.SECRET_BYTES]);
  private static final Hash128 SCOPE = HASH.scope(Scope.tenant("acme"));

  private static Hash128 text(String text) {
    return HASH.text(SCOPE, KeyedHash.normalise(text));
  }

  @Test
  void text_whiteSpaceAndUnicodeForm_areNormalised() {
    assertEquals(text("caf\u00e9 au lait"), text("  cafe\u0301\t au\n\u00a0lait "));
    assertNotEquals(text("Polish"), text("polish"));
  }

  @Test
  void text_unpairedSurrogates_stayApart() {
    assertNotEquals(text("a\uD800"), text("a?"));
    assertNotEquals(text("a\uD800"), text("a\uD801"));
    assertNotEquals(HASH.scope(Scope.tenant("a\uD800")), HASH.scope(Scope.tenant("a?")));
  }

  @Test
  void scope_boundariesOfFields_count() {
    List<Scope> scopes =
        List.of(
            Scope.shared(),
            Scope.tenant("shared"),
            Scope.tenant("a"),
            Scope.tenant("a").with("b", ""),
            Scope.tenant("a").with("", "b"),
            Scope.tenant("a").with("b", "c").with("d", "e"),
            Scope.tenant("a").with("b", "cd").with("", "e"),
            Scope.tenant("a").with("d", "e").with("b", "c"));
    assertEquals(scopes.size(), scopes.stream().map(HASH::scope).distinct().count());
  }

  @Test
  void anotherSecret_givesAnotherHash() {
    byte[] secret = new byte[KeyedHash.SECRET_BYTES];
    secret[0] = 1;
    Scope scope = Scope.tenant("acme");
    assertNotEquals(HASH.scope(scope), new KeyedHash(secret).scope(scope));
  }
}
