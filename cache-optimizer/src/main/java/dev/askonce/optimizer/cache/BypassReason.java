package dev.askonce.optimizer.cache;

/** Why a request went past the cache. */
public enum BypassReason {
  /** The caller asked for it. */
  OPTED_OUT,
  /** Nobody said whose request it is. */
  NO_TENANT,
  /** More than one answer is wanted. */
  SEVERAL_CHOICES,
  /** The provider is to keep the exchange, which an answer from here would not do. */
  SIDE_EFFECT,
  /** The answer comes from a search of the web. */
  LIVE_DATA,
  /** The question or the answer has images, sound or files. */
  MEDIA,
  /** The temperature is above the operator's limit. */
  TEMPERATURE,
  /** The last message is not the user's: a step of an agent's loop, say. */
  NOT_FROM_USER,
  /** The last message has no text. */
  NO_TEXT
}
