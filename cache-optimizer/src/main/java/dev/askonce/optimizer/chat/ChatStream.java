package dev.askonce.optimizer.chat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A reply that arrives as events. Whoever reads it sees each event as it comes; whoever asked with
 * {@link #onEnd} is told, exactly once, how it ended.
 *
 * <p>A reply that is no event stream, such as an error's JSON, comes as one event, and {@link
 * #isEventStream} is false.
 *
 * <p>Threading: read by one thread at a time; {@link #close} may be called by any thread.
 */
public final class ChatStream implements AutoCloseable {
  /** The media type of event streams. */
  public static final String EVENT_STREAM = "text/event-stream";

  private final int status;
  private final Map<String, List<String>> headers;
  private final String contentType;
  private final Optional<Avoided> avoided;
  private final EventReader events;
  private final AutoCloseable connection;
  private final List<Consumer<StreamEnd>> listeners = new ArrayList<>(2);
  private StreamRecorder recorder;
  private boolean missed;
  private boolean ended;

  /**
   * @param headers of the reply, as its transport names them
   * @param connection closed with the stream
   * @param avoided empty if a provider was called
   */
  public ChatStream(
      int status,
      Map<String, List<String>> headers,
      String contentType,
      EventReader events,
      AutoCloseable connection,
      Optional<Avoided> avoided) {
    this.status = status;
    this.headers = headers;
    this.contentType = contentType;
    this.events = events;
    this.connection = connection;
    this.avoided = avoided;
  }

  public int status() {
    return status;
  }

  public Map<String, List<String>> headers() {
    return headers;
  }

  public String contentType() {
    return contentType;
  }

  public Optional<Avoided> avoided() {
    return avoided;
  }

  /** {@return whether the cache was asked for this reply and had none} */
  public synchronized boolean missed() {
    return missed;
  }

  /** Notes that the cache was asked for this reply in vain. */
  public synchronized void setMissed() {
    missed = true;
  }

  /** {@return whether the reply is a successful stream of events} */
  public boolean isEventStream() {
    return status == 200 && isEventStream(contentType);
  }

  /** {@return whether a content type, parameters aside, is that of event streams} */
  public static boolean isEventStream(String contentType) {
    return contentType.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
  }

  /**
   * Asks to be told how the stream ends: before its last event is handed over, so that what the
   * listener does has happened when the reader sees the end. Call before reading.
   *
   * @param recordedBytesMax the most bytes to record; the largest of all listeners' limits holds
   */
  public synchronized void onEnd(int recordedBytesMax, Consumer<StreamEnd> listener) {
    if (recorder == null) {
      recorder = new StreamRecorder(recordedBytesMax);
    } else {
      recorder.atLeast(recordedBytesMax);
    }
    listeners.add(listener);
  }

  /**
   * {@return the next event, or null after the last}
   *
   * @throws IOException if the exchange broke
   */
  public ChatEvent next() throws IOException {
    ChatEvent event;
    try {
      event = events.next();
    } catch (Throwable e) {
      end(StreamEnd.Cause.BROKEN);
      throw e;
    }
    if (event == null) {
      end(StreamEnd.Cause.CUT_SHORT);
    } else {
      record(event);
    }
    return event;
  }

  private synchronized void record(ChatEvent event) {
    if (recorder != null && !ended) {
      recorder.add(event);
      if (event.isDone()) {
        end(StreamEnd.Cause.DONE);
      }
    }
  }

  private void end(StreamEnd.Cause cause) {
    List<Consumer<StreamEnd>> told;
    StreamEnd end;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      if (recorder == null) {
        return;
      }
      told = List.copyOf(listeners);
      end = recorder.end(cause);
    }
    told.forEach(listener -> listener.accept(end));
  }

  /** Ends the stream, and its connection, wherever it is. Closing twice does nothing. */
  @Override
  public void close() {
    end(StreamEnd.Cause.ABANDONED);
    try {
      connection.close();
    } catch (Exception e) {
      // The reply is over either way, and its reader has what it wanted.
    }
  }
}
