/** Caches of one installation, beside the servers of the module {@code cache-redis-rig}. */
package dev.askonce.redis.rig;
