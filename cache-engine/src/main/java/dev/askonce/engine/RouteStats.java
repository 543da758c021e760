package dev.askonce.engine;

/**
 * What happened on one route since the cache was opened, and how strict it is now.
 *
 * @param exactHits lookups answered by the exact tier
 * @param semanticHits lookups answered by similarity
 * @param misses all others, withheld hits included
 * @param withheld hits that were not served: all of a shadow route's, and those that were checked
 * @param undecided checks without an outcome: the judge could not tell, failed, or had too many
 *     before it
 * @param tightened how often the route became stricter by itself, since the store was made
 * @param threshold least raw cosine in force
 * @param wrongShareMax accepted wrong share in force
 * @param exactOnly whether it was tightened so often that similarity serves nothing any more
 * @param wrongShare how much is wrong, as far as known, since it was last tightened
 */
public record RouteStats(
    long exactHits,
    long semanticHits,
    long misses,
    long withheld,
    long undecided,
    int tightened,
    double threshold,
    double wrongShareMax,
    boolean exactOnly,
    WrongShare wrongShare) {}
