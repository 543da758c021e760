/** Fuzz targets of what caches write for each other: in the package whose readers they call. */
package dev.askonce.redis.internal.log;
