package dev.askonce.optimizer.cap;

import dev.askonce.optimizer.chat.Task;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What an operator asked for; {@link CapLever.Builder} says what each means.
 *
 * @param limits tokens by task; a task without one is not limited
 * @param adaptiveMargin by what to multiply the observed percentile; empty for fixed limits
 */
record CapSettings(
    Map<Task, Integer> limits,
    double retryFactor,
    OptionalDouble adaptiveMargin,
    double exploredShare,
    Set<Task> stopWhenDone,
    boolean agents,
    Set<Task> concise,
    Map<String, JsonFormat> formats,
    Map<Task, List<String>> stops,
    Map<Task, StopCondition> conditions,
    int reasoningTokens,
    ModelRules models) {

  /** {@return what a model is told about a task; empty for nothing} */
  String instruction(Task task) {
    boolean stop = stopWhenDone.contains(task);
    boolean brief = concise.contains(task);
    if (stop && brief) {
      return Instructions.CONCISE + " " + Instructions.STOP_WHEN_DONE;
    }
    return stop ? Instructions.STOP_WHEN_DONE : brief ? Instructions.CONCISE : "";
  }
}
