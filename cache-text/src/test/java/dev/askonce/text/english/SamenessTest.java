package dev.askonce.text.english;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.decision.Tokens;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamenessTest {
  private final English english = new English();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "How do I reset my password? | How can I reset my password? | true",
        "What are your opening hours? | What are your opening hours please? | true",
        "What's the capital of France? | what is the capital of France | true",
        "How do I return shoes? | Please, how could I return the shoes? | true",
        "Can I pay by card? | Could I pay by card? | true",
        "How do you make a cake? | How does one make a cake? | true",
        "How do I reset my password? | How do I reset my phone? | false",
        "How do I reset my password? | How did I reset my password? | false",
        "Can I pay by card? | Should I pay by card? | false",
        "Where do I add a user? | How do I add a user? | false",
        "Does it make money? | How does it make money? | false",
        "How do I fly to Rome? | How do I fly from Rome? | false",
        "Is there a fee? | Was there a fee? | false",
        "Can just one person book two seats? | Can one person book just two seats? | false",
        "How can I study quickly? | How can I study? | false",
        "Why? | Why? | false",
        "Is Scott an intern or an auditor? | Is Scott an auditor or an intern? | true",
        "Can I bring a dog and a cat? | Can I bring a cat and a dog? | true",
        "How do Google and Oracle differ? | How do Oracle and Google differ? | true",
        "Is Scott an intern or an auditor? | Is Scott an intern and an auditor? | false",
        "Is Scott an intern or an auditor? | Is Scott an auditor or an actor? | false",
        "Should I wash and dry it? | Should I dry and wash it? | false",
        "Is a cat better than a dog? | Is a dog better than a cat? | false",
        "Can I bring a dog and a cat with fleas? | Can I bring a cat and a dog with fleas? | false",
        "Do I see a doctor and a nurse in order? | Do I see a nurse and a doctor in order? | false",
      })
  void texts_areTheSame_butForTheFrame(String asked, String stored, boolean same) {
    assertEquals(same, english.isSame(Tokens.of(asked), Tokens.of(stored)));
    assertEquals(same, english.isSame(Tokens.of(stored), Tokens.of(asked)));
  }
}
