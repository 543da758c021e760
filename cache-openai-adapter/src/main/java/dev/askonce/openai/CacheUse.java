package dev.askonce.openai;

import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.Avoided;
import java.util.Locale;
import java.util.Optional;

/** What the cache did for a response; the name in small letters is the header's value. */
enum CacheUse {
  HIT,
  MISS,
  BYPASS;

  private static final int OK = 200;

  static CacheUse of(int status, Optional<Avoided> avoided, boolean missed) {
    boolean byCache = avoided.filter(a -> a.lever().equals(CacheLever.NAME)).isPresent();
    return byCache && status == OK ? HIT : missed ? MISS : BYPASS;
  }

  String mark() {
    return name().toLowerCase(Locale.ROOT);
  }
}
