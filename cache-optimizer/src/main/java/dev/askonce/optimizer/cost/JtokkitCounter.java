package dev.askonce.optimizer.cost;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts with the byte-pair encodings of OpenAI's models. The vocabularies, some megabytes each,
 * are read at the first count.
 */
public final class JtokkitCounter implements TokenCounter {
  /** Families that read o200k_base; the library's own table ends with gpt-4o. */
  private static final String[] O200K = {
    "gpt-4o", "chatgpt-4o", "gpt-4.", "gpt-5", "o1", "o3", "o4"
  };

  private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();

  @Override
  public long count(String model, String text) {
    return text.isEmpty() ? 0 : encoding(model).countTokensOrdinary(text);
  }

  private Encoding encoding(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    for (String family : O200K) {
      if (name.startsWith(family)) {
        return encodings.getEncoding(EncodingType.O200K_BASE);
      }
    }
    return encodings.getEncoding(EncodingType.CL100K_BASE);
  }
}
