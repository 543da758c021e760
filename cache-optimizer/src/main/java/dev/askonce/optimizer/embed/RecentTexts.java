package dev.askonce.optimizer.embed;

import dev.askonce.engine.spi.Embedding;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The embeddings of the texts that were asked for last, bounded by count and by characters. */
final class RecentTexts {
  private final int textsMax;
  private final long charsMax;
  private final Map<String, Embedding> byText = new LinkedHashMap<>(16, 0.75f, true);
  private long chars;

  RecentTexts(int textsMax, long charsMax) {
    this.textsMax = textsMax;
    this.charsMax = charsMax;
  }

  /** {@return the embedding of a text, or null} */
  synchronized Embedding find(String text) {
    return byText.get(text);
  }

  synchronized void add(String text, Embedding embedding) {
    if (textsMax == 0 || text.length() > charsMax) {
      return;
    }
    if (byText.put(text, embedding) == null) {
      chars += text.length();
    }
    Iterator<Map.Entry<String, Embedding>> oldest = byText.entrySet().iterator();
    while (byText.size() > textsMax || chars > charsMax) {
      chars -= oldest.next().getKey().length();
      oldest.remove();
    }
  }

  synchronized int size() {
    return byText.size();
  }

  synchronized void clear() {
    byText.clear();
    chars = 0;
  }
}
