package dev.askonce.fuzz;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a campaign does.
 *
 * @param targets names
 * @param runs executions of each target at most
 * @param seconds that each target is run at most
 * @param parallel targets at a time, each in a child JVM
 * @param corpora a directory in which the inputs that led somewhere new are kept for the next time
 */
public record FuzzSettings(
    List<String> targets,
    long runs,
    long seconds,
    long seed,
    int parallel,
    Optional<Path> corpora) {}
