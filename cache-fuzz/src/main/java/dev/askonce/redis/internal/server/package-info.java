/** Fuzz targets of what servers reply: in the package whose readers they call. */
package dev.askonce.redis.internal.server;
