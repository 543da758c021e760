package dev.askonce.optimizer.audit;

import java.util.List;
import java.util.Map;

/**
 * What an audit found. The names are those of its JSON form and stay.
 *
 * @param requests calls read
 * @param days from the first call to the last, or one day where that is no time at all
 * @param usdPerDay what all calls cost a day
 * @param findings first the prompts that are sent most, then the others by their cost
 * @param malformed lines that are no calls
 * @param passedThrough calls of other endpoints than chat completions, not looked at
 * @param unpriced calls of models without a price, which are looked at without money, by model
 */
public record AuditReport(
    long requests,
    double days,
    double usdPerDay,
    List<Finding> findings,
    long malformed,
    long passedThrough,
    Map<String, Long> unpriced) {}
