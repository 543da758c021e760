package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * The lever that puts calls which nobody waits for into batches: every call whose context is not
 * {@link dev.askonce.optimizer.chat.CallContext#interactive interactive}. Such a call blocks, for
 * hours if need be, so make it on a virtual thread. Thread-safe.
 *
 * <p>Streams, calls to URLs that the batch service does not serve, and interactive calls go
 * straight on. Equal calls share one line and one bill. Its own trouble is counted, and the call
 * goes on without it.
 *
 * <p>Jobs are in a directory of their own each. When the process ends, its callers are gone, the
 * jobs are not: made again on the same directory, the lever finds them, and whoever then asks the
 * same as before waits for the batch that is under way, or has its result at once.
 */
public final class BatchLever implements Lever, AutoCloseable {
  /** The name of this lever in the ledger. */
  public static final String NAME = "batch";

  /** What becomes of a call that gets no answer from its batch in time. */
  public enum Late {
    /** It is sent on at once, at the standard price; the batch may be billed too. */
    DIRECT,
    /** It fails with an {@link IOException}. */
    FAIL
  }

  final LongAdder batched = new LongAdder();
  final LongAdder joined = new LongAdder();
  final LongAdder lateCalls = new LongAdder();
  private final BatchApi api;
  private final Duration deadline;
  private final Late late;
  private final FailOpen failOpen;
  private final BatchQueue queue;

  private BatchLever(Builder builder) throws IOException {
    api = builder.api;
    deadline = builder.deadline;
    late = builder.late;
    failOpen = new FailOpen(NAME, builder.clock);
    queue = new BatchQueue(api, builder, failOpen);
  }

  /**
   * {@return a builder of a lever}
   *
   * @param directory for the jobs; of one process at a time, and of nothing else
   */
  public static Builder builder(BatchApi api, Path directory) {
    return new Builder(api, directory);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.BATCH;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new BatchedClient(this, next);
  }

  /**
   * {@return whether a call may wait for a batch: nobody waits for it, it is no stream, and it is a
   * request that a line of a batch can hold}
   */
  public static boolean mayWait(ChatRequest request, CallContext context) {
    return !context.interactive()
        && !request.stream()
        && !request.model().isEmpty()
        && !request.messages().isEmpty();
  }

  public BatchCounts counts() {
    return new BatchCounts(
        batched.sum(), joined.sum(), lateCalls.sum(), queue.jobCount(), failOpen.count());
  }

  BatchApi api() {
    return api;
  }

  BatchQueue queue() {
    return queue;
  }

  Duration deadline() {
    return deadline;
  }

  Late late() {
    return late;
  }

  FailOpen failOpen() {
    return failOpen;
  }

  /**
   * Stops collecting and looking. Jobs that were sent go on at the provider; who waits for one gets
   * an {@link IOException}, and what was not sent yet goes straight on.
   */
  @Override
  public void close() throws IOException {
    queue.close();
  }

  /** The settings of a batch lever. Not thread-safe. */
  public static final class Builder {
    final BatchApi api;
    final Path directory;
    int requestsMax = 10_000;
    long bytesMax = 50_000_000;
    Duration window = Duration.ofMinutes(1);
    Duration pollMin = Duration.ofSeconds(10);
    Duration pollMax = Duration.ofMinutes(5);
    Duration keptFor = Duration.ofDays(2);
    InstantSource clock = InstantSource.system();
    RandomGenerator random = RandomGenerator.getDefault();
    boolean background = true;
    private Duration deadline = Duration.ofHours(25);
    private Late late = Late.DIRECT;
    private BatchLimits limits = BatchLimits.OPENAI;

    private Builder(BatchApi api, Path directory) {
      this.api = api;
      this.directory = directory;
    }

    /** A job is sent as soon as so many requests are collected, from 1. Default 10,000. */
    public Builder requestsMax(int value) {
      if (value < 1) {
        throw new ChatException.InvalidSetting("requestsMax " + value + " is below 1");
      }
      requestsMax = value;
      return this;
    }

    /** A job is sent as soon as so many bytes are collected, from 1. Default 50 MB. */
    public Builder bytesMax(long value) {
      if (value < 1) {
        throw new ChatException.InvalidSetting("bytesMax " + value + " is below 1");
      }
      bytesMax = value;
      return this;
    }

    /** The longest that a request is collected before it is sent. Default one minute. */
    public Builder window(Duration value) {
      window = value;
      return this;
    }

    /**
     * The longest that a call waits for its answer, unless its own {@link
     * dev.askonce.optimizer.chat.CallContext#waitMax} says less. Default 25 hours: the provider's
     * day, and one to collect.
     */
    public Builder deadline(Duration value) {
      deadline = value;
      return this;
    }

    /** What becomes of a call that gets no answer in time. Default {@link Late#DIRECT}. */
    public Builder late(Late value) {
      late = value;
      return this;
    }

    /** The largest files to make. Default {@link BatchLimits#OPENAI}. */
    public Builder limits(BatchLimits value) {
      limits = value;
      return this;
    }

    /** The shortest and the longest time between two looks. Default 10 seconds, 5 minutes. */
    public Builder polling(Duration min, Duration max) {
      pollMin = min;
      pollMax = max;
      return this;
    }

    /** How long a result is kept for a caller who has not come back. Default two days. */
    public Builder keptFor(Duration value) {
      keptFor = value;
      return this;
    }

    /** The clock of windows and looks. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Spreads the looks of many processes. Default the system's. */
    public Builder random(RandomGenerator value) {
      random = value;
      return this;
    }

    /** Without a thread of its own, a test moves the queue. */
    Builder background(boolean value) {
      background = value;
      return this;
    }

    BatchJobBuilder job(BatchApi service, Path jobDirectory) {
      // Tokens are the ledger's matter: counting them here would only take time.
      return BatchJob.builder(service, jobDirectory)
          .limits(limits)
          .clock(clock)
          .random(random)
          .tokens((model, text) -> 0);
    }

    /**
     * {@return the lever, which has found the jobs of earlier processes}
     *
     * @throws IOException if the directory cannot be read or written
     */
    public BatchLever open() throws IOException {
      return new BatchLever(this);
    }
  }
}
