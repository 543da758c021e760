package dev.askonce.bench.vectors;

import java.util.Map;

/**
 * What was measured of one engine in one mode at one setting. The names are those of its JSON form
 * and stay.
 *
 * @param engine {@code askonce} or a peer
 * @param setting what was varied
 * @param mode {@code any}, {@code best4} or {@code nearest}
 * @param n entries
 * @param dim components of a vector
 * @param k entries asked for at most
 * @param threads that built, and that searched for {@code qps}; latencies are of one thread
 * @param buildSeconds until all entries could be searched as they were
 * @param insertsPerSecond entries by {@code buildSeconds}
 * @param recallAt1 see {@link Recalls}
 * @param decisionRecall see {@link Recalls}
 * @param top4Over80 see {@link Recalls}
 * @param eligible how many queries, or entries, each recall is a share of
 * @param interval their 95% intervals, least and greatest
 * @param qps searches a second
 * @param hitMicros of queries with an entry at the threshold or over it
 * @param missMicros of the others
 * @param missMicrosByBest their medians, by the cosine of the best entry
 * @param bytesPerEntry what the index takes, vectors included
 */
public record Row(
    String engine,
    String setting,
    String mode,
    int n,
    int dim,
    int k,
    int threads,
    double buildSeconds,
    double insertsPerSecond,
    Double recallAt1,
    Map<String, Double> decisionRecall,
    Double top4Over80,
    Recalls<Long> eligible,
    Recalls<double[]> interval,
    double qps,
    Latencies.Percentiles hitMicros,
    Latencies.Percentiles missMicros,
    Map<String, Double> missMicrosByBest,
    double bytesPerEntry) {}
