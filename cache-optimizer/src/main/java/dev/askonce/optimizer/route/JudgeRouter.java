package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks a budget model whether a request is simple or complex, in one word. Thread-safe.
 *
 * <p>The judge reads the user's last text up to 500 characters, answers in at most 5 tokens at
 * temperature 0, and anything but {@code complex} means the budget tier. Its call goes the way of
 * the request, or to a client of its own, and is booked as overhead. Where it fails or is late,
 * another router decides.
 */
public final class JudgeRouter implements Router {
  /** What the judge is told. */
  public static final String INSTRUCTION =
      """
      Classify the complexity of this task.
      Simple: classification, extraction, lookup, format conversion, yes/no questions.
      Complex: multi-step reasoning, code generation, detailed analysis, creative generation.
      Respond with exactly one word: simple or complex.\
      """;

  private static final int PROMPT_CHARS_MAX = 500;
  private static final int ANSWER_TOKENS_MAX = 5;

  private final TargetModel model;
  private final Router otherwise;
  private final Optional<ChatClient> client;
  private final SideCall calls;

  private JudgeRouter(Builder builder) {
    model = builder.model;
    otherwise = builder.otherwise;
    client = Optional.ofNullable(builder.client);
    calls = new SideCall(builder.deadline, builder.tokens);
  }

  /**
   * {@return a builder of a judge}
   *
   * @param model the budget model: an expensive one would cost what it is to save
   */
  public static Builder builder(TargetModel model) {
    return new Builder(model);
  }

  /** {@inheritDoc} Without a client of the judge's own, the other router decides. */
  @Override
  public Routing route(ChatRequest request, CallContext context) {
    return client
        .map(own -> ask(request, context, own))
        .orElseGet(() -> otherwise.route(request, context));
  }

  @Override
  public Routing route(ChatRequest request, CallContext context, ChatClient next) {
    return ask(request, context, client.orElse(next));
  }

  private Routing ask(ChatRequest request, CallContext context, ChatClient judge) {
    Optional<Completion> verdict =
        model
            .fit(question(Prompts.lastOfUser(request)))
            .flatMap(question -> calls.ask(judge, question, context));
    if (verdict.isEmpty()) {
      return otherwise.route(request, context);
    }
    String word = verdict.get().content().strip().toLowerCase(Locale.ROOT);
    return word.equals("complex")
        ? new Routing(Tier.STANDARD, Double.NaN, "judge")
        : new Routing(Tier.BUDGET, Double.NaN, "judge");
  }

  private ChatRequest question(String prompt) {
    return Prompts.ask(
        model.name(), INSTRUCTION, Prompts.cut(prompt, PROMPT_CHARS_MAX), ANSWER_TOKENS_MAX);
  }

  /** The settings of a judge. Not thread-safe. */
  public static final class Builder {
    private final TargetModel model;
    private Router otherwise = FixedRouter.of(Tier.STANDARD);
    private Duration deadline = Duration.ofSeconds(2);
    private ChatClient client;
    private TokenCounter tokens = new JtokkitCounter();

    private Builder(TargetModel model) {
      this.model = model;
    }

    /** Decides where the judge fails. Default: the standard tier. */
    public Builder otherwise(Router value) {
      otherwise = value;
      return this;
    }

    /** The longest that a request waits for its judge. Default two seconds. */
    public Builder deadline(Duration value) {
      deadline = value;
      return this;
    }

    /** Where the judge is, if not where the request goes. */
    public Builder client(ChatClient value) {
      client = value;
      return this;
    }

    /** Counts where the provider does not. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    public JudgeRouter build() {
      return new JudgeRouter(this);
    }
  }
}
