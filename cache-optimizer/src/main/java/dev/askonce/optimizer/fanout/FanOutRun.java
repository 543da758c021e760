package dev.askonce.optimizer.fanout;

import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.fanout.FanOut.Call;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 * One thread starts the others, so that ten thousand requests are ten thousand threads only once
 * they may be asked, in the order of the list; what the provider had no room for comes before the
 * next. It waits in one place, for a reply or for time.
 */
/** Requests on their way. Thread-safe. */
public final class FanOutRun {
  private static final int OK = 200;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

  private final FanOut settings;
  private final List<Call> calls;
  private final long startNanos;
  private final FailOpen failOpen = new FailOpen("fan-out", InstantSource.system());
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CountDownLatch over = new CountDownLatch(1);

  private final Outcome[] outcomes;
  private final int[] attempts;
  private final Deque<Integer> again = new ArrayDeque<>();
  private final Map<Integer, Thread> threads = new HashMap<>();
  private int next;
  private int answered;
  private int failed;
  private long retries;
  private boolean cancelled;

  FanOutRun(FanOut settings, List<Call> calls) {
    this.settings = settings;
    this.calls = calls;
    outcomes = new Outcome[calls.size()];
    attempts = new int[calls.size()];
    startNanos = settings.ticker.nanos();
    Thread.ofVirtual().name("askonce-fan-out").start(this::lead);
  }

  /** {@return the outcomes, each in the place of its call, once all are there} */
  public List<Outcome> await() throws InterruptedException {
    over.await();
    return Collections.unmodifiableList(Arrays.asList(outcomes));
  }

  /** Gives up what has no outcome yet; requests under way are interrupted. */
  public void cancel() {
    lock.lock();
    try {
      cancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public Progress progress() {
    lock.lock();
    try {
      return new Progress(calls.size(), answered, failed, threads.size(), retries);
    } finally {
      lock.unlock();
    }
  }

  private void lead() {
    Progress told = null;
    try {
      while (true) {
        Progress now = progress();
        if (!now.equals(told)) {
          told = now;
          tell(now);
        }
        if (now.isOver()) {
          return;
        }
        step(now);
      }
    } finally {
      over.countDown();
    }
  }

  private void tell(Progress now) {
    try {
      settings.progress.accept(now);
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }

  /**
   * Starts what may be started, or waits for something to change.
   *
   * @param told what was told last; if that is no longer so, it returns at once
   */
  private void step(Progress told) {
    List<Thread> started = new ArrayList<>();
    lock.lock();
    try {
      long now = settings.ticker.nanos();
      long left =
          settings.deadline.map(d -> d.toNanos() - (now - startNanos)).orElse(FOREVER_NANOS);
      if (cancelled || left <= 0) {
        skip(cancelled ? Outcome.Reason.CANCELLED : Outcome.Reason.DEADLINE);
        return;
      }
      long wait = start(now, started);
      if (started.isEmpty() && progress().equals(told)) {
        settings.ticker.await(changed, Math.min(wait, left));
      }
    } catch (InterruptedException e) {
      cancelled = true;
    } finally {
      lock.unlock();
    }
    started.forEach(Thread::start);
  }

  /** {@return how long to wait for the next, in nanoseconds} */
  private long start(long now, List<Thread> started) {
    while (threads.size() < settings.concurrencyMax && !settings.limits.isFull()) {
      Integer index = again.isEmpty() ? next : again.peek();
      if (index >= calls.size()) {
        break;
      }
      double cost = settings.cost(calls.get(index).request());
      long delay = settings.limits.delayNanos(now, cost);
      if (delay > 0) {
        return delay;
      }
      if (again.isEmpty()) {
        next++;
      } else {
        again.remove();
      }
      settings.limits.take(now, cost);
      attempts[index]++;
      Thread thread =
          Thread.ofVirtual().name("askonce-call").unstarted(() -> ask(index, cost, now));
      threads.put(index, thread);
      started.add(thread);
    }
    return FOREVER_NANOS;
  }

  private void ask(int index, double cost, long startedNanos) {
    Call call = calls.get(index);
    Outcome outcome;
    boolean busy = false;
    if (hasOutcome(index)) {
      settings.limits.giveBack(cost);
      end(index, null, false);
      return;
    }
    try {
      ChatReply reply = settings.client.complete(call.request(), call.context());
      learn(reply, cost, startedNanos);
      busy = isBusy(reply);
      outcome = reply.status() == OK ? new Outcome.Answered(reply) : new Outcome.Refused(reply);
    } catch (IOException | RuntimeException e) {
      settings.limits.release(cost);
      outcome = new Outcome.Broken(e);
    } catch (Throwable e) {
      settings.limits.release(cost);
      outcome = new Outcome.Broken(new IOException(e));
    }
    end(index, outcome, busy);
  }

  private void learn(ChatReply reply, double cost, long startedNanos) {
    if (reply.avoided().isPresent()) {
      settings.limits.giveBack(cost);
      return;
    }
    settings.limits.observe(
        settings.ticker.nanos(),
        startedNanos,
        cost,
        reply.status(),
        reply.headers(),
        settings.concurrencyMax);
  }

  /** {@return whether the run was ended between the planning of a thread and its start} */
  private boolean hasOutcome(int index) {
    lock.lock();
    try {
      return outcomes[index] != null;
    } finally {
      lock.unlock();
    }
  }

  /** {@return whether there is no room now; an account without money has none for long} */
  private static boolean isBusy(ChatReply reply) {
    if (reply.status() != TOO_MANY_REQUESTS) {
      return false;
    }
    boolean told =
        new RateHeaders(reply.headers())
            .first("x-should-retry")
            .filter("false"::equals)
            .isPresent();
    try {
      String code = Json.MAPPER.readTree(reply.body()).at("/error/code").asText();
      return !told && !code.equals("insufficient_quota");
    } catch (IOException e) {
      return !told;
    }
  }

  private void end(int index, Outcome outcome, boolean busy) {
    lock.lock();
    try {
      threads.remove(index);
      if (outcomes[index] == null) {
        if (busy && attempts[index] < settings.attemptsMax) {
          retries++;
          again.add(index);
        } else {
          set(index, outcome);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void set(int index, Outcome outcome) {
    outcomes[index] = outcome;
    if (outcome instanceof Outcome.Answered) {
      answered++;
    } else {
      failed++;
    }
  }

  /** Ends everything: nobody waits for a transport that does not heed its interrupt. */
  private void skip(Outcome.Reason reason) {
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        set(i, new Outcome.Skipped(reason));
      }
    }
    again.clear();
    next = calls.size();
    threads.values().forEach(Thread::interrupt);
  }
}
