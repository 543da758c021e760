package dev.askonce.bench.reopen;

import java.util.List;

/**
 * @param entries in one scope
 * @param buildSeconds to put and link them; 0 for a store that was there
 * @param closeSeconds of the close, which keeps the graph, as often as the store was closed
 * @param clean openings after an orderly close, in a process that has run for a while
 * @param unclean openings after the process that had it open was killed
 * @param fresh milliseconds from the start of a new process to its first hit, after an orderly
 *     close
 * @param wrong answers that were not those of the entry asked for
 */
public record ReopenReport(
    int entries,
    int dimension,
    int answerBytes,
    double buildSeconds,
    List<Double> closeSeconds,
    List<Opened> clean,
    List<Opened> unclean,
    List<Double> fresh,
    long wrong) {}
