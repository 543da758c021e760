package dev.askonce.redis.internal.replication;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that does what is due, at intervals. */
final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final long tickMillis;
  private final LongConsumer work;
  private final Thread thread;
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile boolean closed;

  /**
   * @param work given the number of the tick, from 1
   */
  Upkeep(String name, long tickMillis, LongConsumer work) {
    this.tickMillis = tickMillis;
    this.work = work;
    thread = Thread.ofPlatform().daemon().name("askonce-redis-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    for (long tick = 1; !closed; tick++) {
      try {
        if (!ending.await(tickMillis, TimeUnit.MILLISECONDS)) {
          work.accept(tick);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("what was due could not be done, and is tried again", e);
      }
    }
  }

  void close() {
    closed = true;
    ending.countDown();
    Threads.end(thread);
  }
}
