package dev.askonce.optimizer.compress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of long texts, least recently used ones forgotten: the same text is sent in the same
 * form again, and costs nothing. Thread-safe.
 */
final class Remembered {
  /**
   * @param kind what was done, with all that shaped it
   */
  record Key(String kind, String text) {}

  private final int charsMax;
  private final LinkedHashMap<Key, String> forms = new LinkedHashMap<>(16, 0.75f, true);
  private long chars;

  Remembered(int charsMax) {
    this.charsMax = charsMax;
  }

  synchronized Optional<String> form(Key key) {
    return Optional.ofNullable(forms.get(key));
  }

  synchronized void put(Key key, String form) {
    if (forms.put(key, form) == null) {
      chars += size(key, form);
    }
    while (chars > charsMax) {
      Map.Entry<Key, String> eldest = forms.pollFirstEntry();
      chars -= size(eldest.getKey(), eldest.getValue());
    }
  }

  private static long size(Key key, String form) {
    return key.kind.length() + key.text.length() + form.length();
  }
}
