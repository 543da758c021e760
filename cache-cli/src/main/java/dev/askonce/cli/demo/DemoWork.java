package dev.askonce.cli.demo;

/**
 * What a process of the shared demo came to.
 *
 * @param requests questions asked
 * @param calls answered by the model
 * @param hits answered from the cache
 * @param hitsOnOthers of these, by an answer that another process paid for
 * @param wrongHits hits whose answer is not the asked question's own
 * @param crossTenantHits hits on another tenant's answer
 * @param published records that the server confirmed
 * @param entriesReceived entries of other processes that were stored here
 */
public record DemoWork(
    long requests,
    long calls,
    long hits,
    long hitsOnOthers,
    long wrongHits,
    long crossTenantHits,
    long published,
    long entriesReceived) {}
