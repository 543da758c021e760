package dev.askonce.bench.crash;

import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Lines of the crash campaign's log: refused, or read as they were written. */
public final class EventTarget implements Target {
  private static final int CHECK = Event.BYTES - Long.BYTES;

  /** Bytes that are zero in every line. */
  private static final int UNUSED = 51;

  /* An input: whether the check is made to hold, and the line. */

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    boolean checked = input.next() % 2 == 1;
    ByteBuffer line = ByteBuffer.wrap(input.take(Event.BYTES));
    if (checked) {
      line.putLong(CHECK, Event.check(line));
    }
    Optional<Event> event = Event.decode(line);
    event.ifPresent(
        e -> {
          ByteBuffer written = e.encode();
          Target.require(written.slice(0, UNUSED).equals(line.slice(0, UNUSED)), "another line");
        });
  }

  @Override
  public List<byte[]> seeds() {
    Event event = new Event(Event.Type.PUT_DONE, 3, 1, 2, 3, 4, 5, 6, 7, 1, Event.Group.TENANT);
    ByteBuffer seed = ByteBuffer.allocate(1 + Event.BYTES);
    return List.of(seed.put((byte) 1).put(event.encode()).array());
  }
}
