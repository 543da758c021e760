package dev.askonce.bench.reopen;

/**
 * One opening of a store.
 *
 * @param openMillis from the call of open until it returned
 * @param firstHitMillis from the call of open until the first lookup was answered
 * @param recordsMillis from the call of open until all records were read
 * @param allMillis from the call of open until all of a thousand questions were answered, as far as
 *     searches find the entry
 * @param early lookups before that which missed since something could not be read yet
 * @param notFound questions whose entry the search did not find, as it may with a narrow beam
 */
public record Opened(
    double openMillis,
    double firstHitMillis,
    double recordsMillis,
    double allMillis,
    long early,
    long notFound) {}
