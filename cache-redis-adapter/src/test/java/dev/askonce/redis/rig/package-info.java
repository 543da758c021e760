/**
 * Real servers on the loopback interface, arranged in every way that operators arrange them, and a
 * proxy that does to their replies what networks do. For tests only.
 */
package dev.askonce.redis.rig;
