package dev.askonce.cli.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * How well recorded usages were priced.
 *
 * @param rows lines of the file
 * @param rowsExact lines of which nothing was mismatched or skipped
 * @param at the time whose prices were asked for
 * @param total all expectations: each line has one for each provider and flavour that could have
 *     sent it
 * @param providers the same by provider
 * @param mismatches the first of them
 */
public record PriceReport(
    long rows,
    long rowsExact,
    String at,
    @JsonUnwrapped Tally total,
    Map<String, Provider> providers,
    List<Mismatch> mismatches) {
  /**
   * Expectations counted.
   *
   * @param n all of them
   * @param exact whose tokens and price are the recorded ones to the last digit, or which have no
   *     price recorded and got none
   * @param mismatched the others
   * @param skipped whose provider or flavour the prices do not describe
   * @param priced those of {@code exact} with a price
   */
  public record Tally(long n, long exact, long mismatched, long skipped, long priced) {}

  /** The expectations of one provider, in all and by its API's flavours. */
  public record Provider(@JsonUnwrapped Tally total, Map<String, Tally> flavours) {}

  /**
   * An expectation that was not met.
   *
   * @param where file and line
   * @param model null where the line names none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Mismatch(
      String where, String provider, String flavour, String model, String expected, String got) {}
}
