/**
 * Many independent requests at once: {@link dev.askonce.optimizer.fanout.FanOut} asks them on
 * virtual threads, as fast as the provider's limits allow, which {@link
 * dev.askonce.optimizer.fanout.RateLimits} learns from its replies.
 *
 * <p>Uses {@code chat}. Invariant: every request has one outcome, in its place, whatever goes
 * wrong.
 */
package dev.askonce.optimizer.fanout;
