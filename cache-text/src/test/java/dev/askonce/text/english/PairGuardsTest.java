package dev.askonce.text.english;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.decision.Tokens;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each guard: what it must see, and what it must leave alone, in both directions. */
class PairGuardsTest {
  private static void check(PairGuard guard, String a, String b, boolean objects) {
    EnglishText left = EnglishText.of(Tokens.of(a));
    EnglishText right = EnglishText.of(Tokens.of(b));
    assertEquals(objects, guard.objects(new EnglishPair(left, right)), a + " | " + b);
    assertEquals(objects, guard.objects(new EnglishPair(right, left)), b + " | " + a);
    assertEquals(false, guard.objects(new EnglishPair(left, left)), a);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Can I return it within 30 days? | Can I return it within 60 days?        | true
          Is $20 enough?                  | Is €20 enough?                         | true
          Is 20% off?                     | Is $20 off?                            | true
          It takes 2 days                 | It takes 2 weeks                       | true
          Wait two days                   | Wait three days                        | true
          The top 10 films                | The top films                          | true
          Chapter 3 and 4                 | Chapter 3                              | true
          What is 5 plus 5                | What is 5 plus                         | true
          Is it 24 hours?                 | Is it 1 day?                           | false
          Wait two days                   | Wait 2 days                            | false
          Twenty-five people              | 25 people                              | false
          Under 25k                       | Under 25,000                           | false
          Under 25 thousand dollars       | Under $25,000                          | false
          5 lakh rupees                   | 500000 rupees                          | false
          The 3rd day                     | The third day                          | false
          Is 30 the limit?                | Are 30 days the limit?                 | false
          How does one do that?           | How do I do that?                      | false
          """)
  void numbersAndUnits(String a, String b, boolean objects) {
    check(new NumberAndUnitGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Why did it fail?                | When did it fail?                      | true
          Who sold it?                    | Where was it sold?                     | true
          How many are there?             | How long are they there?               | true
          What time does it open?         | Where does it open?                    | true
          What is the reason it failed?   | When did it fail?                      | true
          How come it failed?             | Why did it fail?                       | false
          What time does it open?         | When does it open?                     | false
          How do I pay?                   | Can I pay?                             | false
          Which one is best?              | What is best?                          | false
          """)
  void questionTypes(String a, String b, boolean objects) {
    check(new QuestionGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Are you open on Monday?         | Are you open on Sunday?                | true
          The report of March             | The report of April                    | true
          The report of January           | The report of April                    | true
          Was it paid yesterday?          | Is it paid today?                      | true
          Is she a nurse?                 | Did she use to be a nurse?             | true
          Sales of last week              | Sales of next week                     | true
          Sales of last week              | Sales of last month                    | true
          Open in Jan?                    | Open in January?                       | false
          The last word on it             | The final word on it                   | false
          """)
  void times(String a, String b, boolean objects) {
    check(new TimeGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          How do I enable alerts?         | How do I disable alerts?               | true
          How do I turn on alerts?        | How do I turn off alerts?              | true
          Is it safe to eat?              | Is it not safe to eat?                 | true
          Can I eat it?                   | Why can't I eat it?                    | true
          Coffee with sugar               | Coffee without sugar                   | true
          How can I gain weight?          | How can I lose weight?                 | true
          How can I be more patient?      | How can I be less patient?             | true
          Is it legal here?               | Is it illegal here?                    | true
          Before I pay                    | After I pay                            | true
          From Rome                       | To Rome                                | true
          How can I be more patient?      | How can I be less impatient?           | false
          Is it illegal?                  | Is it not legal?                       | false
          Isn't it late?                  | Is it late?                            | false
          Why don't I sleep?              | Why do I not sleep?                    | false
          Should I go or not?             | Should I go?                           | false
          How do I earn money from home?  | What are ways to earn money at home?   | false
          Is there no fee?                | Are there no fees?                     | false
          """)
  void polarity(String a, String b, boolean objects) {
    check(new PolarityGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Are all items taxed?            | Are only some items taxed?             | true
          Can only owners refund?         | Can owners refund?                     | true
          At least ten                    | At most ten                            | true
          Are both cards charged?         | Is either card charged?                | true
          Is every item taxed?            | Are all items taxed?                   | false
          Is each item taxed?             | Is an item taxed?                      | false
          """)
  void quantifiers(String a, String b, boolean objects) {
    check(new QuantifierGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What is your name?              | What is my name?                       | true
          Would he reject her?            | Would she reject him?                  | true
          Is his card valid?              | Is her card valid?                     | true
          How do I reset my password?     | How do you reset your password?        | false
          How do I reset my password?     | How do I reset the password?           | false
          Why did he lie?                 | Why did Trump lie?                     | false
          """)
  void referents(String a, String b, boolean objects) {
    check(new ReferentGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What is the capital of France?  | What is the capital of Norway?         | true
          Who is Anna Reyes?              | Who is Berta Reyes?                    | true
          Does it run on Windows?         | Does it run on Linux?                  | true
          How old is Donald Trump?        | How old is Trump?                      | false
          Flights to the USA              | Flights to the United States           | false
          Who founded Micrsoft?           | Who founded Microsoft?                 | false
          What Is The Capital Of France?  | What is the capital of france?         | false
          """)
  void names(String a, String b, boolean objects) {
    check(new NameGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Who did Acme sue when Beta left? | Who did Beta sue when Acme left?      | true
          Did Google buy YouTube?          | Did YouTube buy Google?               | true
          Flights from Rome to Paris       | Flights from Paris to Rome            | true
          Is Ann taller than Bob?          | Is Bob taller than Ann?               | true
          Did Adam use the farm?           | Was Adam used by the farm?            | true
          Can I call you?                  | Can you call me?                      | false
          Did Adam use the farm?           | Was the farm used by Adam?            | false
          Is it red or blue?               | Is it blue or red?                    | false
          Is Ann married to Bob?           | Is Bob married to Ann?                | false
          Difference between cat and dog   | Difference between dog and cat        | false
          In India, how do I vote?         | How do I vote in India?               | false
          The password of my account       | My account password                   | false
          """)
  void order(String a, String b, boolean objects) {
    check(new OrderGuard(), a, b, objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          How do I reset my PIN today?     | How do I reset my password today?     | true
          Is Ann Reyes an analyst?         | Is Ann Reyes a skilled analyst?       | true
          Is Ann Reyes tired?              | Is Ann Reyes famous?                  | true
          Can the waiter print receipts?   | Can the manager print receipts?       | true
          Is Ann Reyes an artist or cook?  | Is Ann Reyes a nurse and an actor?    | true
          What do rich people watch on TV? | What do wealthy people watch on TV?   | false
          How do I print receipts?         | How can I print receipts?             | false
          How do I print receipts?         | How do I really print the receipts?   | false
          Rules of success in life         | Rules for success in life             | false
          Restoring a deleted photo        | How do I recover deleted photos?      | false
          """)
  void words(String a, String b, boolean objects) {
    check(new EditGuard(), a, b, objects);
  }
}
