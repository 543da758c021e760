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

  /**
   * What is sent instead of a text.
   *
   * @param saved how many tokens fewer, counted once
   */
  record Form(String text, long saved) {}

  private final int charsMax;
  private final LinkedHashMap<Key, Form> forms = new LinkedHashMap<>(16, 0.75f, true);
  private long chars;

  Remembered(int charsMax) {
    this.charsMax = charsMax;
  }

  synchronized Optional<Form> form(Key key) {
    return Optional.ofNullable(forms.get(key));
  }

  synchronized void put(Key key, Form form) {
    if (forms.put(key, form) == null) {
      chars += size(key, form);
    }
    while (chars > charsMax) {
      Map.Entry<Key, Form> eldest = forms.pollFirstEntry();
      chars -= size(eldest.getKey(), eldest.getValue());
    }
  }

  private static long size(Key key, Form form) {
    return key.kind.length() + key.text.length() + form.text.length();
  }
}
