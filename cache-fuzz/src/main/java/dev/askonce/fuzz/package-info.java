/**
 * The fuzzing campaign: what a target is, which there are, and how each is run in a process of its
 * own under Jazzer. The targets lie in the packages of what they parse, since most parsers are seen
 * from there only.
 */
package dev.askonce.fuzz;
