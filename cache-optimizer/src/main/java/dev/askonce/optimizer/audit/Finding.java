package dev.askonce.optimizer.audit;

/**
 * Something to look at. The names are those of its JSON form and stay.
 *
 * @param kind one of {@link Kind}, as its label
 * @param calls how many calls of the log it concerns
 * @param usdPerDay what the concerned tokens cost a day: which these are, the kind says
 * @param evidence what was seen
 * @param fix what to do
 */
public record Finding(
    String kind, String endpoint, long calls, double usdPerDay, String evidence, String fix) {
  /** What can be found, and of what a finding says the cost. */
  public enum Kind {
    /** One of the five prompts that are sent most: all tokens of its calls. */
    HIGH_VOLUME_PROMPT("highVolumePrompt"),
    /** A system prompt of more than 2,000 tokens: its tokens. */
    LONG_SYSTEM_PROMPT("longSystemPrompt"),
    /** Labels from an expensive model: all tokens of these calls. */
    EXPENSIVE_MODEL("expensiveModel"),
    /** Fields taken out of texts without a JSON format: the output of these calls. */
    EXTRACTION_WITHOUT_JSON("extractionWithoutJson"),
    /** No limit on what the model writes: the output of these calls. */
    NO_OUTPUT_LIMIT("noOutputLimit"),
    /** The same sentence more than once in a prompt: the tokens of the repeats. */
    REPEATED_INSTRUCTION("repeatedInstruction"),
    /** Instructions that nobody changed for a quarter of a year: their tokens. */
    UNCHANGED_INSTRUCTIONS("unchangedInstructions"),
    /** What changes stands before what does not: what the provider's prompt cache would save. */
    VOLATILE_BEFORE_STABLE("volatileBeforeStable");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** {@return the name in reports} */
    public String label() {
      return label;
    }
  }
}
