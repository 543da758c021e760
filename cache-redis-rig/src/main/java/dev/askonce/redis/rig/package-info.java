/**
 * Real servers on the loopback interface, arranged in every way that operators arrange them, and a
 * proxy that does to their replies what networks do. For tests and campaigns only.
 */
package dev.askonce.redis.rig;
