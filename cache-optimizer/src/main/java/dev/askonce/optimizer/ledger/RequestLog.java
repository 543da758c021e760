package dev.askonce.optimizer.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.ServiceTier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Writes each call to a file, one {@link LoggedCall} a line, and changes none: what a replay reads.
 * Thread-safe.
 *
 * <p>A call is put into a bounded queue, and one thread turns it into a line: when the queue is
 * full, the call goes unlogged and is counted. The file is its owner's alone. A line is in the file
 * as soon as the thread has come to it; {@link #close} writes what is left.
 */
public final class RequestLog implements Lever, AutoCloseable {
  /** The name of this lever. */
  public static final String NAME = "log";

  private static final int BATCH = 256;

  /** What came of a call. A body is read as JSON by the thread that writes. */
  private record Entry(
      Instant at,
      CallContext context,
      Optional<String> api,
      Supplier<ObjectNode> request,
      int requestBytes,
      int status,
      byte[] body,
      Completion streamed,
      long latencyMillis) {
    long bytes() {
      return requestBytes + (body != null ? body.length : streamed.content().length());
    }
  }

  /** Wakes the writer, so that it sees that it is to end. */
  private static final Entry END = new Entry(null, null, null, null, 0, 0, null, null, 0);

  private final LogFile file;
  private final LogTexts texts;
  private final InstantSource clock;
  private final BlockingQueue<Entry> queue;
  private final long queuedBytesMax;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final LongAdder written = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final FailOpen failOpen;
  private final Thread writer;
  private volatile boolean closing;

  private RequestLog(Builder builder) {
    try {
      file = new LogFile(builder.file, builder.bytesMax, builder.filesMax);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    texts = builder.texts;
    clock = builder.clock;
    queue = new ArrayBlockingQueue<>(builder.queuedMax);
    queuedBytesMax = builder.queuedBytesMax;
    failOpen = new FailOpen(NAME, clock);
    writer = Thread.ofPlatform().name("askonce-request-log").daemon().unstarted(this::run);
  }

  /** {@return the settings of a log in a file, which is appended to} */
  public static Builder at(Path file) {
    return new Builder(file);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** {@return the first: given before the cache, it sees what the cache answers too} */
  @Override
  public Stage stage() {
    return Stage.CACHE;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new LoggedClient(this, next);
  }

  /** {@return calls that were written} */
  public long writtenCount() {
    return written.sum();
  }

  /** {@return calls that went unlogged since the queue was full, or the log closed} */
  public long droppedCount() {
    return dropped.sum();
  }

  /** {@return calls that could not be written, such as for want of room on the disk} */
  public long troubleCount() {
    return failOpen.count();
  }

  /** {@return the time by the log's clock, at which a call begins} */
  public Instant now() {
    return clock.instant();
  }

  void replied(Instant at, ChatRequest request, CallContext context, int status, byte[] body) {
    offer(entry(at, request, context, status, body, null));
  }

  /**
   * Writes down a call that passed through untouched.
   *
   * @param api which part of the API it was for
   * @param request its body, not to be changed; empty where it was not read
   * @param body a JSON object of what is known of the reply; empty for nothing
   */
  public void passed(
      Instant at, CallContext context, String api, byte[] request, int status, byte[] body) {
    offer(
        new Entry(
            at,
            context,
            Optional.of(api),
            () -> object(request),
            request.length,
            status,
            body,
            null,
            sinceMillis(at)));
  }

  void streamed(Instant at, ChatRequest request, CallContext context, Completion completion) {
    offer(entry(at, request, context, 200, null, completion));
  }

  private Entry entry(
      Instant at,
      ChatRequest request,
      CallContext context,
      int status,
      byte[] body,
      Completion streamed) {
    int bytes = request.body().length;
    return new Entry(
        at,
        context,
        Optional.empty(),
        request::json,
        bytes,
        status,
        body,
        streamed,
        sinceMillis(at));
  }

  private long sinceMillis(Instant at) {
    return Math.max(0, Duration.between(at, clock.instant()).toMillis());
  }

  private void offer(Entry entry) {
    long bytes = entry.bytes();
    if (closing) {
      dropped.increment();
    } else if (queuedBytes.addAndGet(bytes) > queuedBytesMax || !queue.offer(entry)) {
      queuedBytes.addAndGet(-bytes);
      dropped.increment();
    }
  }

  private void run() {
    List<Entry> batch = new ArrayList<>(BATCH);
    boolean over = false;
    while (!over) {
      // Nobody interrupts this thread: that would close the file.
      batch.add(queue.isEmpty() && closing ? END : take());
      queue.drainTo(batch, BATCH - 1);
      for (Entry entry : batch) {
        if (entry != END) {
          write(entry);
        }
      }
      flush();
      batch.clear();
      over = closing && queue.isEmpty();
    }
    try {
      file.close();
    } catch (IOException e) {
      failOpen.swallow(e);
    }
  }

  private Entry take() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      return END;
    }
  }

  private void write(Entry entry) {
    queuedBytes.addAndGet(-entry.bytes());
    try {
      file.append(texts.of(call(entry)).toJson());
      written.increment();
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }

  private void flush() {
    try {
      file.flush();
    } catch (IOException e) {
      failOpen.swallow(e);
    }
  }

  private static LoggedCall call(Entry entry) {
    return new LoggedCall(
        entry.at(),
        entry.context().endpoint(),
        entry.context().tenant(),
        entry.context().interactive(),
        entry.api(),
        entry.request().get(),
        entry.status(),
        entry.body() != null ? object(entry.body()) : response(entry.streamed()),
        OptionalLong.of(entry.latencyMillis()));
  }

  private static ObjectNode object(byte[] body) {
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      return json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    } catch (IOException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  /** {@return the completion that a stream's chunks make} */
  private static ObjectNode response(Completion completion) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("object", "chat.completion").put("model", completion.model());
    if (!completion.serviceTier().equals(ServiceTier.STANDARD)) {
      response.put("service_tier", completion.serviceTier().name());
    }
    ObjectNode choice = response.putArray("choices").addObject();
    choice.put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", completion.content());
    choice.put("finish_reason", completion.finishReason().orElse(null));
    completion.usage().ifPresent(usage -> response.set("usage", usage.toJson()));
    return response;
  }

  /** Writes what is queued and closes the file; calls that come later are dropped and counted. */
  @Override
  public void close() {
    closing = true;
    // Where there is no room, the writer has something to do, and then sees it anyway.
    queue.offer(END);
    boolean interrupted = false;
    while (true) {
      try {
        writer.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    // Whoever came between the two may have left something.
    queue.removeIf(
        entry -> {
          dropped.add(entry == END ? 0 : 1);
          return true;
        });
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The settings of a log. Not thread-safe. */
  public static final class Builder {
    private final Path file;
    private LogTexts texts = LogTexts.KEEP;
    private long bytesMax = 256L << 20;
    private int filesMax = 8;
    private int queuedMax = 10_000;
    private long queuedBytesMax = 64L << 20;
    private InstantSource clock = InstantSource.system();

    private Builder(Path file) {
      this.file = file;
    }

    /** What is kept of texts. Default {@link LogTexts#KEEP}: all. */
    public Builder texts(LogTexts value) {
      texts = value;
      return this;
    }

    /** The size at which a file makes room for the next, in bytes. Default 256 MiB. */
    public Builder bytesMax(long value) {
      bytesMax = positive("bytesMax", value);
      return this;
    }

    /** How many files are kept, the current one among them. Default 8. */
    public Builder filesMax(int value) {
      filesMax = (int) positive("filesMax", value);
      return this;
    }

    /** How many calls may wait to be written. Default 10,000. */
    public Builder queuedMax(int value) {
      queuedMax = (int) positive("queuedMax", value);
      return this;
    }

    /** How many bytes of requests and replies may wait to be written. Default 64 MiB. */
    public Builder queuedBytesMax(long value) {
      queuedBytesMax = positive("queuedBytesMax", value);
      return this;
    }

    /** The clock of the lines. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    private static long positive(String name, long value) {
      if (value < 1) {
        throw new ChatException.InvalidSetting(name + " " + value + " is below 1");
      }
      return value;
    }

    /**
     * {@return the log, open}
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public RequestLog open() {
      RequestLog log = new RequestLog(this);
      log.writer.start();
      return log;
    }
  }
}
