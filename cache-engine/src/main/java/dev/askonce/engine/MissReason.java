package dev.askonce.engine;

/** Why a lookup was not answered. */
public enum MissReason {
  /** Nothing in the scope reaches the policy's floor. */
  NOTHING_SIMILAR,
  /** The decision stage refused every candidate. */
  REFUSED,
  /** The lookup asked for the exact tier only, and no entry has this text. */
  EXACT_ONLY,
  /**
   * The text is longer than the embedder reads, or holds words that it has no token for, so only an
   * exact repeat may answer it.
   */
  TEXT_TRUNCATED,
  /** The embedder failed. */
  EMBEDDER_FAILED,
  /** The embedder did not answer within its deadline. */
  EMBEDDER_TIMEOUT,
  /** The candidate's vector, record or answer did not verify, or was gone when it was read. */
  UNVERIFIED,
  /** The answer could not be read within its deadline. */
  READ_TIMEOUT,
  /** Nothing was found, but the records of the store, just opened, are still being read. */
  RECOVERING,
  /** The scope is still being loaded from what other caches have put. */
  JOINING,
  /** More lookups at once than there are search contexts. */
  BUSY,
  /** There is a hit, but the route is a shadow one, which serves nothing. */
  SHADOW,
  /** There is a hit, but it is loaded anew to check whether it was right. */
  CHECKED
}
