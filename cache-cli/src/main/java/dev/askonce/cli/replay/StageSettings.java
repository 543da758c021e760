package dev.askonce.cli.replay;

import dev.askonce.optimizer.cost.Prices;

/**
 * How a replay is set up.
 *
 * @param standardModel whose calls may be routed
 * @param budgetModel where simple ones go
 */
public record StageSettings(Prices prices, String standardModel, String budgetModel) {}
