package dev.askonce.optimizer.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Tier;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Decides by rules that a reader can follow, for English, in microseconds and without training.
 * Immutable.
 *
 * <p>Simple is classification, extraction, lookup, format conversion and yes-or-no questions;
 * complex is reasoning in several steps, code, detailed analysis and creative work. The first rule
 * that applies decides, in this order: the task, where somebody knows it; tools; size of the whole
 * request; length of the conversation; code; words that ask for proof, plan or analysis; length of
 * the question; words that ask for a label, fields, a form, a fact, yes or no. Where none applies,
 * the request stays with the standard tier, and the need is unknown.
 *
 * <p>The need of a rule is a rank and no measured probability: 0.1 for simple, 0.9 for complex.
 */
public final class RuleRouter implements Router {
  private static final double SIMPLE = 0.1;
  private static final double COMPLEX = 0.9;

  /** Larger requests, of some 8,000 tokens and more, are read by the better reader. */
  private static final int REQUEST_BYTES_MAX = 32 * 1024;

  /** In a longer conversation the last text says little about what is asked. */
  private static final int USER_MESSAGES_MAX = 6;

  /** A longer question has conditions to keep apart. */
  private static final int QUESTION_CHARS_MAX = 600;

  /** A longer text is read to here only, so that any takes microseconds. */
  private static final int READ_CHARS_MAX = 4_000;

  private static final int FLAGS = Pattern.CASE_INSENSITIVE;

  private static final Pattern CODE =
      Pattern.compile(
          "```|\\b(def|class|function|void|return)\\b[^.?!]{0,80}[({;]"
              + "|\\b(write|implement|refactor|debug|fix|optimi[sz]e)\\b[^.?!]{0,60}"
              + "\\b(code|function|class|method|script|program|query|regex|algorithm|bug|test)\\b",
          FLAGS);

  private static final Pattern REASONING =
      Pattern.compile(
          "\\b(prove|proof|derive|step[- ]by[- ]step|analy[sz]e|analysis|evaluate|assess|critique"
              + "|trade-?offs?|pros and cons|compare|contrast|plan|strategy|roadmap|design"
              + "|architect(ure)?|investigate|root cause|diagnose|recommend|justify|argue"
              + "|explain (why|how)|why (do|does|did|is|are|was|were|would|should)|reason about"
              + "|solve|calculate how|optimi[sz]e|forecast|brainstorm"
              + "|(write|compose|draft|invent|create) (me )?(an? |the )?([a-z]+ )?"
              + "(story|poem|essay|song|article|blog|novel|speech|screenplay|report|proposal))\\b",
          FLAGS);

  private static final Pattern LABEL =
      Pattern.compile(
          "\\b(classif(y|ies|ied)|categori[sz]e|label|sentiment|positive or negative|true or false"
              + "|yes or no|spam|which (category|label|class|intent)|choose one of"
              + "|extract|list (all|the|every) (names?|dates?|emails?|numbers?|fields?|items?)"
              + "|convert|translate|reformat|format (this|the|as)|rewrite as|to (json|csv|xml|yaml)"
              + "|capitali[sz]e|sort (this|the|these)|fix the (spelling|grammar|typos?))\\b",
          FLAGS);

  private static final Pattern LOOKUP =
      Pattern.compile(
          "^\\s*(please\\s+)?(can you tell me |could you tell me |tell me )?"
              + "(what(('| i)s| are| was| were| time)|when|where|who|which|how (many|much|long|old"
              + "|far|often|do i|can i|to)|do(es)?|did|is|are|was|were|can (i|we|you get|it|the)"
              + "|has|have|will"
              + "|define)\\b",
          FLAGS);

  private final BiFunction<ChatRequest, CallContext, Task> task;

  private RuleRouter(BiFunction<ChatRequest, CallContext, Task> task) {
    this.task = task;
  }

  /** {@return the rules, with the task of those calls alone that say it} */
  public static RuleRouter of() {
    return new RuleRouter((request, context) -> context.task().orElse(Task.OTHER));
  }

  /**
   * {@return the rules, with a classifier of tasks}
   *
   * @param classifier for calls that do not say their task; {@link Task#OTHER} where it cannot tell
   */
  public static RuleRouter of(BiFunction<ChatRequest, CallContext, Task> classifier) {
    return new RuleRouter(
        (request, context) -> context.task().orElseGet(() -> classifier.apply(request, context)));
  }

  @Override
  public Routing route(ChatRequest request, CallContext context) {
    Task known = task.apply(request, context);
    if (known != Task.OTHER) {
      return switch (known) {
        case CLASSIFICATION, EXTRACTION, FACTUAL, REWRITING -> simple("task:" + known.label());
        default -> complex("task:" + known.label());
      };
    }
    if (request.hasTools()) {
      return complex("rule:tools");
    }
    if (request.body().length > REQUEST_BYTES_MAX) {
      return complex("rule:size");
    }
    if (request.userMessageCount() > USER_MESSAGES_MAX) {
      return complex("rule:conversation");
    }
    String whole = Prompts.lastOfUser(request);
    String text = Prompts.cut(whole, READ_CHARS_MAX);
    if (CODE.matcher(text).find()) {
      return complex("rule:code");
    }
    if (REASONING.matcher(text).find()) {
      return complex("rule:reasoning");
    }
    boolean label = LABEL.matcher(text).find();
    if (!label && whole.length() > QUESTION_CHARS_MAX) {
      return complex("rule:length");
    }
    if (label || asksForJson(request)) {
      return simple("rule:label");
    }
    return LOOKUP.matcher(text).find()
        ? simple("rule:lookup")
        : new Routing(Tier.STANDARD, Double.NaN, "rule:none");
  }

  private static boolean asksForJson(ChatRequest request) {
    JsonNode type = request.json().path("response_format").path("type");
    return type.asText("").startsWith("json");
  }

  private static Routing simple(String reason) {
    return new Routing(Tier.BUDGET, SIMPLE, reason);
  }

  private static Routing complex(String reason) {
    return new Routing(Tier.STANDARD, COMPLEX, reason);
  }
}
