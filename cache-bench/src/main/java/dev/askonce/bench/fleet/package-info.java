/**
 * What it costs to keep the caches of several processes equal: a parent that gives tasks to real
 * JVMs beside a real redis-server, and takes the times. May use crash, data and the adapter.
 */
package dev.askonce.bench.fleet;
