/** Fuzz targets of request logs. They lie in the package of what they read. */
package dev.askonce.optimizer.ledger;
