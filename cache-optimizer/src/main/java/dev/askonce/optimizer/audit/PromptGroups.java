package dev.askonce.optimizer.audit;

import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.optimizer.ledger.LogTexts;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Puts calls of one endpoint and model together whose instructions begin alike or, long ones, end
 * alike, numbers, ids and dates aside: so what stands before or behind the rest may change from
 * call to call. Kept are keyed hashes and one text a group. Not thread-safe.
 */
final class PromptGroups {
  private static final int GROUPS_MAX = 1_000;
  private static final int HEAD_CHARS = 120;
  private static final int TAIL_CHARS = 120;

  /** Shorter openings have no end of their own. */
  private static final int TAILED_CHARS_MIN = 400;

  /** Numbers, ids, and the names of days and months: what changes though it is the same place. */
  private static final Pattern CHANGING =
      Pattern.compile(
          "\\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june"
              + "|july|august|september|october|november|december)\\b"
              + "|[\\p{L}-]*\\d[\\p{L}\\d:.,/-]*",
          Pattern.CASE_INSENSITIVE);

  private final KeyedHash hash;
  private final Map<Long, PromptGroup> byKey = new HashMap<>();

  PromptGroups() {
    byte[] secret = new byte[KeyedHash.SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    hash = new KeyedHash(secret);
  }

  /** {@return the group of a call, which is made where there is none} */
  PromptGroup of(String endpoint, String model, String opening, Instant at) {
    String place = endpoint + '\n' + model + '\n';
    long head = key(place + "head\n", head(opening));
    PromptGroup group = byKey.get(head);
    if (opening.length() < TAILED_CHARS_MIN) {
      return group != null ? group : add(new PromptGroup(endpoint, model, opening, at), head);
    }
    long tail = key(place + "tail\n", tail(opening));
    group = group != null ? group : byKey.get(tail);
    group = group != null ? group : new PromptGroup(endpoint, model, opening, at);
    add(group, head);
    return add(group, tail);
  }

  private long key(String place, String text) {
    boolean replaced = LogTexts.tokens(text).isPresent();
    return hash.name("prompt", place + (replaced ? text : CHANGING.matcher(text).replaceAll("#")));
  }

  private static String head(String opening) {
    return opening.substring(0, Math.min(HEAD_CHARS, opening.length()));
  }

  private static String tail(String opening) {
    return opening.substring(opening.length() - TAIL_CHARS);
  }

  private PromptGroup add(PromptGroup group, long key) {
    byKey.putIfAbsent(key, group);
    if (byKey.size() > 2 * GROUPS_MAX) {
      dropRare(group);
    }
    return group;
  }

  /** Forgets the half of the groups with the fewest calls, so that what is common has room. */
  private void dropRare(PromptGroup kept) {
    List<PromptGroup> groups = new ArrayList<>(all());
    groups.sort(Comparator.comparingLong(group -> group.calls));
    Set<PromptGroup> rare = Collections.newSetFromMap(new IdentityHashMap<>());
    rare.addAll(groups.subList(0, groups.size() / 2));
    rare.remove(kept);
    byKey.values().removeAll(rare);
  }

  /** {@return every group, once} */
  Collection<PromptGroup> all() {
    Set<PromptGroup> groups = Collections.newSetFromMap(new IdentityHashMap<>());
    groups.addAll(byKey.values());
    return groups;
  }
}
