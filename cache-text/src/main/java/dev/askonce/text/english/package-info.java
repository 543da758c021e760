/**
 * English: what two texts may not differ in. A text is read once ({@code EnglishText}: words with
 * stem and classes, numbers with units, names, the type of question), a pair is aligned once, and
 * each typed guard looks for one kind of difference. {@link dev.askonce.text.english.English} is
 * the door.
 *
 * <p>Uses {@code dev.askonce.engine.decision} and {@code dev.askonce.engine.spi}. Words are data:
 * the files beside the classes.
 */
package dev.askonce.text.english;
