package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.FailOpen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/*
 * Callers add to a list; one thread makes jobs of it and looks after them. Under the lock are the
 * list and the map of requests by key, never a job: those are the thread's alone.
 *
 *   add ──▶ collecting ──(full, or the window is over)──▶ OpenJob ──(result)──▶ Waiting.result
 *             │  a caller who leaves takes his request along, if nobody else wants it
 */
/** Collects calls, sends them as jobs, and hands out their results. Thread-safe. */
final class BatchQueue implements AutoCloseable {
  /** A job of ours and the requests in it, by their places. */
  private static final class OpenJob {
    final Path directory;
    final BatchJob job;
    final List<Waiting> members;
    final BackOff backOff;
    final long endMillis;
    JobStatus last;
    long lookMillis;

    OpenJob(Path directory, BatchJob job, List<Waiting> members, BackOff backOff, long end) {
      this.directory = directory;
      this.job = job;
      this.members = members;
      this.backOff = backOff;
      this.endMillis = end;
    }
  }

  private static final long IDLE_MILLIS = 60_000;

  private final BatchApi api;
  private final BatchLever.Builder settings;
  private final FailOpen failOpen;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<RequestKey, Waiting> byKey = new HashMap<>();
  private List<Waiting> collecting = new ArrayList<>();
  private long collectingBytes;
  private long collectingSinceMillis;
  private boolean closed;

  /** The thread's alone. */
  private final List<OpenJob> jobs = new ArrayList<>();

  private final Thread thread;
  private long jobCount;

  BatchQueue(BatchApi api, BatchLever.Builder settings, FailOpen failOpen) throws IOException {
    this.api = api;
    this.settings = settings;
    this.failOpen = failOpen;
    Files.createDirectories(settings.directory);
    resume();
    thread = settings.background ? Thread.ofVirtual().name("askonce-batch").start(this::run) : null;
  }

  /** Opens the jobs of earlier processes: whoever asks the same again joins them. */
  private void resume() throws IOException {
    try (Stream<Path> directories = Files.list(settings.directory)) {
      for (Path directory : directories.filter(BatchJob::isIn).sorted().toList()) {
        BatchJob job;
        try {
          job = settings.job(api, directory).open();
        } catch (ChatException.InvalidJob e) {
          // Another process has it, or it is damaged: neither is ours to mend.
          failOpen.swallow(e);
          continue;
        }
        List<Waiting> members = new ArrayList<>();
        for (Item item : job.items()) {
          Waiting waiting = new Waiting(RequestKey.parse(item.key()), null);
          waiting.sent = true;
          members.add(waiting);
          byKey.putIfAbsent(waiting.key, waiting);
        }
        add(directory, job, members);
      }
    }
  }

  private void add(Path directory, BatchJob job, List<Waiting> members) {
    BackOff backOff = new BackOff(settings.pollMin, settings.pollMax, settings.random);
    long end = settings.clock.millis() + settings.keptFor.toMillis();
    jobs.add(new OpenJob(directory, job, members, backOff, end));
  }

  /** {@return the request, on its way; the caller leaves it with {@link #leave}} */
  Optional<Waiting> join(ChatRequest request, CallContext context) {
    RequestKey key = RequestKey.of(request, context);
    lock.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      Waiting waiting = byKey.get(key);
      if (waiting == null) {
        waiting = new Waiting(key, new BatchCall(key.toString(), request, context));
        byKey.put(key, waiting);
        if (collecting.isEmpty()) {
          collectingSinceMillis = settings.clock.millis();
        }
        collecting.add(waiting);
        collectingBytes += request.body().length;
        changed.signal();
      }
      waiting.callers++;
      return Optional.of(waiting);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a caller's wait, with its result or without. */
  void leave(Waiting waiting) {
    lock.lock();
    try {
      waiting.callers--;
      boolean unsent = !waiting.sent && waiting.callers == 0;
      if (unsent && collecting.remove(waiting)) {
        collectingBytes -= waiting.call.request().body().length;
      }
      if (unsent || waiting.result.isDone()) {
        byKey.remove(waiting.key, waiting);
      }
    } finally {
      lock.unlock();
    }
  }

  long jobCount() {
    lock.lock();
    try {
      return jobCount;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      long waitMillis = step();
      lock.lock();
      try {
        if (closed) {
          return;
        }
        if (waitMillis > 0 && !isFull()) {
          changed.await(waitMillis, TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean isFull() {
    return collecting.size() >= settings.requestsMax || collectingBytes >= settings.bytesMax;
  }

  /** {@return milliseconds until there is something to do} Does what there is to do now. */
  long step() {
    try {
      send(due());
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
    for (OpenJob open : List.copyOf(jobs)) {
      try {
        look(open);
      } catch (Throwable e) {
        open.lookMillis = settings.clock.millis() + settings.pollMax.toMillis();
        failOpen.swallow(e);
      }
    }
    return next();
  }

  private long next() {
    long now = settings.clock.millis();
    long next = now + IDLE_MILLIS;
    for (OpenJob open : jobs) {
      next = Math.min(next, open.lookMillis);
    }
    lock.lock();
    try {
      if (!collecting.isEmpty()) {
        next = Math.min(next, collectingSinceMillis + settings.window.toMillis());
      }
    } finally {
      lock.unlock();
    }
    return Math.max(0, next - now);
  }

  /** {@return what is to be sent now; nobody takes any of it back} */
  private List<Waiting> due() {
    lock.lock();
    try {
      long age = settings.clock.millis() - collectingSinceMillis;
      if (collecting.isEmpty() || (!isFull() && age < settings.window.toMillis())) {
        return List.of();
      }
      List<Waiting> due = collecting;
      due.forEach(waiting -> waiting.sent = true);
      collecting = new ArrayList<>();
      collectingBytes = 0;
      return due;
    } finally {
      lock.unlock();
    }
  }

  private void send(List<Waiting> due) throws IOException {
    if (due.isEmpty()) {
      return;
    }
    Path directory =
        settings.directory.resolve("job-" + settings.clock.millis() + "-" + due.get(0).key);
    try {
      BatchJob job =
          settings.job(api, directory).plan(due.stream().map(waiting -> waiting.call).iterator());
      lock.lock();
      try {
        jobCount++;
      } finally {
        lock.unlock();
      }
      add(directory, job, due);
    } catch (Throwable e) {
      // Nothing was sent: the callers ask for themselves.
      due.forEach(waiting -> settle(waiting, null));
      throw e;
    }
  }

  private void look(OpenJob open) throws IOException {
    long now = settings.clock.millis();
    boolean over = open.last != null && open.last.isOver();
    if (over && isDone(open, now)) {
      jobs.remove(open);
      forget(open);
      open.job.close();
      delete(open.directory);
      return;
    }
    if (over) {
      open.lookMillis = now + IDLE_MILLIS;
      return;
    }
    if (now < open.lookMillis) {
      return;
    }
    JobStatus status = open.job.advance();
    for (int i = 0; i < open.members.size(); i++) {
      if (!open.members.get(i).result.isDone()) {
        open.job.result(i).ifPresent(settling(open.members.get(i)));
      }
    }
    open.lookMillis = now + open.backOff.next(!status.equals(open.last)).toMillis();
    open.last = status;
  }

  private Consumer<ItemResult> settling(Waiting waiting) {
    return result -> settle(waiting, result);
  }

  /**
   * Hands out a result.
   *
   * @param result null for a request that was not sent
   */
  private void settle(Waiting waiting, ItemResult result) {
    lock.lock();
    try {
      // Who asks from now on asks anew, unless this is for somebody who is yet to come back.
      if (waiting.callers > 0) {
        byKey.remove(waiting.key, waiting);
      }
    } finally {
      lock.unlock();
    }
    waiting.result.complete(result);
  }

  /** {@return whether all results were fetched, or have been kept long enough} */
  private boolean isDone(OpenJob open, long now) {
    lock.lock();
    try {
      return now >= open.endMillis
          || open.members.stream().noneMatch(waiting -> byKey.get(waiting.key) == waiting);
    } finally {
      lock.unlock();
    }
  }

  private void forget(OpenJob open) {
    lock.lock();
    try {
      open.members.forEach(waiting -> byKey.remove(waiting.key, waiting));
    } finally {
      lock.unlock();
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }

  /**
   * Lets go of the jobs, which go on at the provider and are found again at the next opening. Who
   * waits for something that was sent hears of this; what was not sent is asked by its callers.
   */
  @Override
  public void close() throws IOException {
    List<Waiting> unsent;
    lock.lock();
    try {
      closed = true;
      unsent = collecting;
      collecting = new ArrayList<>();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (thread != null) {
      join(thread);
    }
    unsent.forEach(waiting -> settle(waiting, null));
    for (OpenJob open : jobs) {
      for (Waiting waiting : open.members) {
        waiting.result.completeExceptionally(
            new IOException("the batch lever was closed; ask again after the next start"));
      }
      open.job.close();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
