package dev.askonce.engine.internal.base;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Runs a small class of operations on shared words in many orders of their steps, and compares what
 * it returns with what it would in some order of whole operations.
 *
 * <p>Runs of the same class are the same. {@code -Daskonce.interleavings=N} makes N times as many
 * scenarios, in N times as many orders.
 */
public final class Interleavings {
  private static final int FACTOR = Integer.getInteger("askonce.interleavings", 1);
  private static final int SCENARIOS = 4;
  private static final int ORDERS = 300;

  /** Of a mutant, which few orders show; the search ends at the first. */
  private static final int MUTANT_SCENARIOS = 30;

  private static final int MUTANT_ORDERS = 500;

  /** A longer loop is taken for one that waits; one over the words of a record is shorter. */
  private static final int LOOP_MAX = 20;

  /** Used under a lock or by one thread: no order of their steps is of interest. */
  private static final String[] COLLECTIONS = {
    "java.util.ArrayList", "java.util.HashMap", "java.util.List"
  };

  /** How the tool's report of what it found begins. */
  private static final Set<String> WRONG =
      Set.of("= Invalid execution results =", "= The execution has hung =");

  private Interleavings() {}

  /** Demands that no order gives a wrong result. */
  public static void requireRight(Class<?> model) {
    options(SCENARIOS * FACTOR, ORDERS * FACTOR).check(model);
  }

  /** Demands that some order gives a wrong result: that the tool would see this mistake. */
  public static void requireWrong(Class<?> mutant) {
    LincheckAssertionError found =
        assertThrows(
            LincheckAssertionError.class,
            () -> options(MUTANT_SCENARIOS, MUTANT_ORDERS).check(mutant),
            mutant.getSimpleName() + " is wrong and was not found out");
    // Not, for instance, that the tool itself failed.
    String what = found.getMessage().strip().lines().findFirst().orElse("");
    assertTrue(WRONG.contains(what), mutant.getSimpleName() + ": " + found.getMessage());
  }

  private static ModelCheckingOptions options(int scenarios, int orders) {
    return new ModelCheckingOptions()
        .iterations(scenarios)
        .invocationsPerIteration(orders)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .loopIterationsBeforeThreadSwitch(LOOP_MAX)
        .addGuarantee(forClasses(COLLECTIONS).allMethods().treatAsAtomic())
        .minimizeFailedScenario(false);
  }
}
