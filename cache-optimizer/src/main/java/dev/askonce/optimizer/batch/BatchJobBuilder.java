package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The settings of a job. Not thread-safe. */
public final class BatchJobBuilder {
  final BatchApi api;
  final Path directory;
  BatchLimits limits = BatchLimits.OPENAI;
  boolean deduplicates = true;
  String input = "";
  InstantSource clock = InstantSource.system();
  Supplier<String> names = () -> UUID.randomUUID().toString().replace("-", "");
  private Optional<Lever> cacheLever = Optional.empty();
  int attemptsMax = 3;
  int waveMax = Integer.MAX_VALUE;
  Duration settleTime = Duration.ofMinutes(1);
  Duration pollMin = Duration.ofSeconds(5);
  Duration pollMax = Duration.ofMinutes(5);
  private Prices prices = Prices.published();
  private TokenCounter tokens = new JtokkitCounter();
  private long outputTokensEstimate = 500;
  Pause pause = Pause.ASLEEP;
  RandomGenerator random = RandomGenerator.getDefault();

  BatchJobBuilder(BatchApi api, Path directory) {
    this.api = api;
    this.directory = directory;
  }

  /** The largest files to make. Default {@link BatchLimits#OPENAI}. */
  public BatchJobBuilder limits(BatchLimits value) {
    limits = value;
    return this;
  }

  /** Whether equal requests are asked once. Default true. */
  public BatchJobBuilder deduplicates(boolean value) {
    deduplicates = value;
    return this;
  }

  /** The cache lever: answers what it may, and is given what comes. Default none. */
  public BatchJobBuilder cache(Lever value) {
    cacheLever = Optional.of(value);
    return this;
  }

  /**
   * The most requests that are sent at once, from 1. Those after them wait until all of these are
   * answered, and are looked up in the cache first: so a request that is only similar to an earlier
   * one is answered by it, if the cache's decision allows. Each wave may take as long as a batch.
   * Default: no limit.
   */
  public BatchJobBuilder waveMax(int value) {
    if (value < 1) {
      throw new ChatException.InvalidSetting("waveMax " + value + " is below 1");
    }
    waveMax = value;
    return this;
  }

  /** How often a request is asked that fails in a way that may pass, from 1. Default 3. */
  public BatchJobBuilder attemptsMax(int value) {
    if (value < 1) {
      throw new ChatException.InvalidSetting("attemptsMax " + value + " is below 1");
    }
    attemptsMax = value;
    return this;
  }

  /**
   * How long after a batch was asked for it is listed for sure, if it exists. Default one minute.
   */
  public BatchJobBuilder settleTime(Duration value) {
    settleTime = value;
    return this;
  }

  /** The shortest and the longest time between two looks. Default 5 seconds, 5 minutes. */
  public BatchJobBuilder polling(Duration min, Duration max) {
    pollMin = min;
    pollMax = max;
    return this;
  }

  /** What the calls are made of, such as a file's hash, to know the job again by. */
  public BatchJobBuilder input(String value) {
    input = value;
    return this;
  }

  /** What a job would cost one by one. Default {@link Prices#november2025}. */
  public BatchJobBuilder prices(Prices value) {
    prices = value;
    return this;
  }

  /** Counts tokens for the estimate. Default {@link JtokkitCounter}. */
  public BatchJobBuilder tokens(TokenCounter value) {
    tokens = value;
    return this;
  }

  /** Output tokens expected of a request without a limit. Default 500. */
  public BatchJobBuilder outputTokensEstimate(long value) {
    outputTokensEstimate = value;
    return this;
  }

  /** The clock of stages and prices. Default the system's. */
  public BatchJobBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /** How to wait between looks. Default asleep. */
  public BatchJobBuilder pause(Pause value) {
    pause = value;
    return this;
  }

  /** Spreads the looks of many jobs. Default the system's. */
  public BatchJobBuilder random(RandomGenerator value) {
    random = value;
    return this;
  }

  CacheDoor door() {
    return new CacheDoor(cacheLever, new FailOpen("batch", clock));
  }

  BatchCost cost() {
    return new BatchCost(prices, tokens, outputTokensEstimate, clock);
  }

  /**
   * {@return a new job of these calls} Nothing is sent before {@link BatchJob#advance}.
   *
   * @throws ChatException.InvalidJob if the directory holds a job, another process works on it, or
   *     a call cannot be in a batch; then there is no job
   */
  public BatchJob plan(Iterator<BatchCall> calls) throws IOException {
    Files.createDirectories(directory);
    JobLock lock = JobLock.of(directory);
    try {
      if (JobState.exists(directory)) {
        throw new ChatException.InvalidJob(directory + " holds a job already");
      }
      return new BatchJob(
          this, lock, new JobPlanner(api, directory, this, door(), cost()).plan(calls));
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  /**
   * {@return the job that is in the directory}
   *
   * @throws ChatException.InvalidJob if there is none, it is damaged, or another process works on
   *     it
   */
  public BatchJob open() throws IOException {
    if (!JobState.exists(directory)) {
      throw new ChatException.InvalidJob("there is no batch job in " + directory);
    }
    JobLock lock = JobLock.of(directory);
    try {
      return new BatchJob(this, lock, JobState.read(directory));
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }
}
