package dev.askonce.redis.internal.operation;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a key says: {@code PREFIX:{sNN}:KIND:HEX}, of a snapshot's parts {@code
 * …:GENERATION:NUMBER} after it, and {@code PREFIX:HEX} of an answer of the exact tier.
 *
 * @param name all of it
 * @param kind {@code log}, {@code snap} and so on
 * @param hex the keyed hash in it
 * @param generation of the snapshot that this is a part of, in milliseconds since 1970
 */
record KeyName(String name, String kind, String hex, OptionalLong generation) {
  static final String LOG = "log";
  static final String SNAPSHOT = "snap";
  static final String CHUNK = "chunk";
  static final String CONTROL = "control";
  static final String TENANT = "tenant";
  static final String ANSWER = "answer";

  private static final Pattern AFTER_PREFIX =
      Pattern.compile(
          ":(?:(?<answer>[0-9a-f]{32})"
              + "|\\{s[0-9]{2}}:(?<kind>[a-z]{1,32}):(?<hex>[0-9a-z]{1,64})"
              + "(?::(?<generation>[0-9a-f]{1,15}):[0-9]{1,9})?)");

  /**
   * {@return what a name says, or empty if it is no key of the installation: another's prefix may
   * begin with this one}
   */
  static Optional<KeyName> parse(String prefix, String name) {
    if (!name.startsWith(prefix)) {
      return Optional.empty();
    }
    Matcher match = AFTER_PREFIX.matcher(name.substring(prefix.length()));
    if (!match.matches()) {
      return Optional.empty();
    }
    if (match.group("answer") != null) {
      return Optional.of(new KeyName(name, ANSWER, match.group("answer"), OptionalLong.empty()));
    }
    String generation = match.group("generation");
    String kind = match.group("kind");
    return Optional.of(
        generation == null
            ? new KeyName(name, kind, match.group("hex"), OptionalLong.empty())
            : new KeyName(
                name,
                kind.equals(SNAPSHOT) ? CHUNK : kind,
                match.group("hex"),
                OptionalLong.of(Long.parseLong(generation, 16))));
  }
}
