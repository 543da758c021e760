/**
 * A stand-in for the OpenAI API on the loopback address, for tests and the demo: {@link
 * dev.askonce.openai.standin.StandInServer}. It answers in the published shapes, refuses what the
 * API refuses, counts what it is asked, and fails on demand.
 *
 * <p>Uses the JDK's HTTP server and the optimizer's model of a request; never the adapter.
 */
package dev.askonce.openai.standin;
