package dev.askonce.text.english;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.decision.Tokens;
import dev.askonce.engine.spi.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnglishTest {
  private final English english = new English();

  private Optional<String> reason(String asked, String stored) {
    return english.objection(Tokens.of(asked), Tokens.of(stored)).map(Verdict::reason);
  }

  @Test
  void texts_ofEnglishAreCovered() {
    for (String text :
        List.of(
            "How do I reset my password?",
            "reset login password",
            "cant rember pasword how to rest it",
            "Is it OK to visit a café in Zürich?",
            "refund policy?")) {
      assertTrue(english.covers(Tokens.of(text)), text);
    }
  }

  @Test
  void texts_ofOtherKindsAreNot() {
    for (String text :
        List.of(
            "Wie setze ich mein Passwort zurück?",
            "¿Cómo puedo cambiar mi contraseña?",
            "Comment changer mon mot de passe ?",
            "Как сбросить пароль?",
            "如何重置密码",
            "12 + 30 * 4",
            "",
            "a.b_c = d_e + f_g;")) {
      assertFalse(english.covers(Tokens.of(text)), text);
    }
  }

  @Test
  void eachGuard_isAsked() {
    assertEquals(Optional.of("number"), reason("within 30 days", "within 60 days"));
    assertEquals(Optional.of("question"), reason("why is it so", "when is it so"));
    assertEquals(Optional.of("time"), reason("open on Monday", "open on Friday"));
    assertEquals(Optional.of("polarity"), reason("enable the alarm", "disable the alarm"));
    assertEquals(Optional.of("quantifier"), reason("do all of us pay", "do only we pay"));
    assertEquals(Optional.of("referent"), reason("what is my name", "what is your name"));
    assertEquals(Optional.of("name"), reason("Is it in Rome?", "Is it in Paris?"));
    assertEquals(Optional.of("order"), reason("did Ann beat Bob", "did Bob beat Ann"));
    assertEquals(
        Optional.of("word"), reason("can the big waiter print", "can the big manager print"));
    assertEquals(Optional.of("identifier"), reason("is a.com.au safe", "is b.com.au safe"));
    assertEquals(Optional.empty(), reason("How do I pay my bill?", "how can I pay my bills"));
  }

  @Test
  void anyTexts_areJudgedAlikeBothWaysRound() {
    long seed = Long.getLong("askonce.seed", System.nanoTime());
    System.out.println("-Daskonce.seed=" + seed);
    Random random = new Random(seed);
    String[] words =
        ("how do I not reset all my 5 days Rome Paris is was by used to before after than more less"
                + " and or A. $ % isn't don't 1,000 node.js c++ MAY U.S. ' - é 你 kg k second half")
            .split(" ");
    for (int i = 0; i < 50_000; i++) {
      String a = text(words, random);
      String b = text(words, random);
      assertEquals(reason(a, b).isPresent(), reason(b, a).isPresent(), a + " | " + b);
      assertEquals(Optional.empty(), reason(a, a), a);
    }
  }

  private static String text(String[] words, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.toString();
  }

  @Test
  void formsOfAWord_haveOneStem() {
    for (List<String> forms :
        List.of(
            List.of("manage", "manages", "managed", "managing"),
            List.of("stop", "stops", "stopped", "stopping"),
            List.of("reply", "replies", "replied", "replying"),
            List.of("company", "companies"),
            List.of("box", "boxes"),
            List.of("buy", "buys", "bought", "buying"),
            List.of("quick", "quickly"),
            List.of("child", "children"))) {
      String stem = Stemmer.stem(forms.getFirst());
      forms.forEach(form -> assertEquals(stem, Stemmer.stem(form), form));
    }
    for (String word : List.of("bus", "this", "glass", "sing", "red", "news", "during")) {
      assertEquals(word, Stemmer.stem(word));
    }
  }
}
