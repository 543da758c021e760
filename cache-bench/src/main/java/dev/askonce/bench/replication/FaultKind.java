package dev.askonce.bench.replication;

/** What is done to servers, to their replies, and to caches. */
enum FaultKind {
  CUT,
  HALF_REPLY,
  STALL,
  DELAY,
  TWICE,
  SWAP,
  GARBAGE,
  /** All connections are cut, those of replicas too. */
  NETWORK_LOSS,
  /** The primaries are emptied. */
  FLUSH,
  /** A primary dies, and comes back with nothing; where it has a replica that takes its place. */
  RESTART,
  /** A replica takes its primary's place in good order. */
  FAILOVER,
  /** A replica that was cut off takes its primary's place, and lacks the last of it. */
  TAIL_LOSS,
  /** The servers refuse what is written. */
  FULL,
  /** A cache closes and opens as after a kill. */
  KILL,
  /** A cache closes and opens. */
  REOPEN
}
