package dev.askonce.bench.reopen;

/**
 * One opening of a store.
 *
 * @param openMillis from the call of open until it returned
 * @param firstHitMillis from the call of open until the first lookup was answered
 * @param recordsMillis from the call of open until all records were read
 * @param allMillis from the call of open until every one of the questions asked was answered
 * @param refusals lookups that missed before that, of all reasons
 */
public record Opened(
    double openMillis,
    double firstHitMillis,
    double recordsMillis,
    double allMillis,
    long refusals) {}
