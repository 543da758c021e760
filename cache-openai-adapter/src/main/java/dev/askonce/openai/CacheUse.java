package dev.askonce.openai;

import java.util.Locale;

/** What the cache did for a response; the name in small letters is the header's value. */
enum CacheUse {
  HIT,
  MISS,
  BYPASS;

  static CacheUse of(boolean avoided, boolean missed) {
    return avoided ? HIT : missed ? MISS : BYPASS;
  }

  String mark() {
    return name().toLowerCase(Locale.ROOT);
  }
}
