package dev.askonce.optimizer.send;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The header by which the API tells its SDKs whether to try again, whatever the status. */
final class ShouldRetry {
  private static final String NAME = "x-should-retry";

  private ShouldRetry() {}

  /** {@return what a reply says about another try, if it says anything} */
  static Optional<Boolean> of(Map<String, List<String>> headers) {
    return RetryAfter.header(headers, NAME)
        .filter(told -> told.equalsIgnoreCase("true") || told.equalsIgnoreCase("false"))
        .map(Boolean::valueOf);
  }

  /** {@return the headers, saying that another try is of no use} */
  static Map<String, List<String>> no(Map<String, List<String>> headers) {
    Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    changed.putAll(headers);
    changed.put(NAME, List.of("false"));
    return changed;
  }
}
