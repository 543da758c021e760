/** The fuzzing target of the guards of English, in their package to reach them. */
package dev.askonce.text.english;
