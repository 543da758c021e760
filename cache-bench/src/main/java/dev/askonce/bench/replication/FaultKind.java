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
  NETWORK_LOSS,
  FLUSH,
  RESTART,
  FAILOVER,
  FULL,
  KILL,
  REOPEN
}
