/**
 * Replays of the program: a team's own log, production traces, the platform of the article, each
 * through the real stages; and a log to try it with.
 *
 * <p>Uses the optimizer's {@code replay} and {@code audit}, the text module and the demo's
 * knowledge base. Invariant: nobody is called, and what is assumed is said in the report.
 */
package dev.askonce.cli.replay;
