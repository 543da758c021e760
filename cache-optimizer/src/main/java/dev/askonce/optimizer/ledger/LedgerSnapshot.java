package dev.askonce.optimizer.ledger;

import java.util.List;

/**
 * The ledger at one moment.
 *
 * @param total all rows together
 * @param rows by key, in the order of their first call
 */
public record LedgerSnapshot(LedgerRow total, List<LedgerRow> rows) {}
