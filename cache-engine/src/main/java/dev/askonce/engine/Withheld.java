package dev.askonce.engine;

import java.util.Optional;

/**
 * A hit that was not served, in order to learn whether it would have been right: on a {@linkplain
 * Route#shadow shadow} route, or since it is {@linkplain Route#checkedShare checked}.
 *
 * @param hit what would have been served
 * @param storedText the text that its answer was stored under, where texts are kept
 */
public record Withheld(Hit hit, Optional<String> storedText) {}
