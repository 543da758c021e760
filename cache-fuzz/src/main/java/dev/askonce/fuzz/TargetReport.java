package dev.askonce.fuzz;

import java.util.List;

/**
 * What the runs of one target came to.
 *
 * @param edges places of the code that were reached, as Jazzer counts them
 * @param inputs of the corpus at the end: each reaches something that no other does
 * @param seconds of fuzzing, without the start of the JVM
 * @param findings a sentence on each, with the path of its input
 */
public record TargetReport(
    String target,
    long executions,
    long executionsPerSecond,
    long edges,
    long inputs,
    double seconds,
    List<String> findings) {}
