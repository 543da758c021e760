package dev.askonce.engine;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an entry carries beside its answer. Immutable; start from {@link #DEFAULTS}.
 *
 * @param ttl how long the entry may answer, at most the operator's limit; absolute, never sliding
 * @param tags names by which entries are invalidated together, a document id or a prompt version
 * @param provenance who wrote the entry, so that all of a principal's entries can be invalidated;
 *     empty where nobody is named
 * @param savedNanoDollars what a hit on this entry saves, in 10⁻⁹ dollars; not negative
 */
public record PutOptions(
    Optional<Duration> ttl, List<String> tags, String provenance, long savedNanoDollars) {
  /** At most this many tags on one entry. */
  public static final int TAGS_MAX = 16;

  /** The operator's TTL, no tags, no provenance, no saving. */
  public static final PutOptions DEFAULTS = new PutOptions(Optional.empty(), List.of(), "", 0);

  public PutOptions {
    tags = List.copyOf(tags);
    if (tags.size() > TAGS_MAX) {
      throw new CacheException.InvalidOption(
          "entry has " + tags.size() + " tags, the limit is " + TAGS_MAX);
    }
    if (ttl.isPresent() && ttl.get().toMillis() <= 0) {
      throw new CacheException.InvalidOption("ttl " + ttl.get() + " is not positive");
    }
    if (savedNanoDollars < 0) {
      throw new CacheException.InvalidOption("saved cost " + savedNanoDollars + " is negative");
    }
  }

  public PutOptions ttl(Duration duration) {
    return new PutOptions(Optional.of(duration), tags, provenance, savedNanoDollars);
  }

  public PutOptions tags(String... names) {
    return new PutOptions(ttl, Arrays.asList(names), provenance, savedNanoDollars);
  }

  public PutOptions provenance(String principal) {
    return new PutOptions(ttl, tags, principal, savedNanoDollars);
  }

  public PutOptions savedNanoDollars(long nanoDollars) {
    return new PutOptions(ttl, tags, provenance, nanoDollars);
  }
}
