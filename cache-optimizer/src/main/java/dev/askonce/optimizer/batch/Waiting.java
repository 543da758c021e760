package dev.askonce.optimizer.batch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request on its way through a batch and those who wait for it. The count of callers and
 * whether it was sent are guarded by the queue's lock.
 */
final class Waiting {
  final RequestKey key;

  /** Null for a request of an earlier process. */
  final BatchCall call;

  /** Null for a request that was not sent. */
  final CompletableFuture<ItemResult> result = new CompletableFuture<>();

  final AtomicBoolean billed = new AtomicBoolean();
  int callers;
  boolean sent;

  Waiting(RequestKey key, BatchCall call) {
    this.key = key;
    this.call = call;
  }
}
