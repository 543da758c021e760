package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.ChatException;

/**
 * What a batch service takes in one file, whose requests are all of one model.
 *
 * @param requestsMax from 1
 * @param bytesMax of a file, from 1
 */
public record BatchLimits(int requestsMax, long bytesMax) {
  /** The OpenAI API's: 50,000 requests, 200 MB. */
  public static final BatchLimits OPENAI = new BatchLimits(50_000, 200_000_000);

  public BatchLimits {
    if (requestsMax < 1 || bytesMax < 1) {
      throw new ChatException.InvalidSetting(
          "a batch of " + requestsMax + " requests and " + bytesMax + " bytes takes nothing");
    }
  }
}
