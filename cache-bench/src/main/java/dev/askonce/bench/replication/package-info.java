/**
 * Caches that share through real Redis servers, while replies are damaged, servers lose what they
 * have, and caches are killed: what every cache answers is compared with all that was put and
 * removed.
 */
package dev.askonce.bench.replication;
