package dev.askonce.redis.internal.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.askonce.fuzz.Input;
import java.io.ByteArrayOutputStream;

/** Writes the reply that an input chooses: well-formed, and often nearly what somebody expects. */
final class ReplyWriter {
  private static final int DEPTH_MAX = 6;
  private static final String[] TEXTS = {
    "k",
    "l",
    "r",
    "OK",
    "7-1",
    "7-2",
    "9-5",
    "0-1",
    "127.0.0.1",
    "6379",
    "65536",
    "?",
    "",
    "18446744073709551615-18446744073709551615",
    "18446744073709551615-18446744073709551614"
  };
  private static final long[] NUMBERS = {0, 1, 5460, 16383, 16384, 6379, 65535, 65536, -1};
  private static final String[] ERRORS = {"MOVED 866 ", "ASK 866 ", "NOPERM ", "READONLY "};

  private final Input choices;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ReplyWriter(Input choices) {
    this.choices = choices;
  }

  static byte[] write(Input choices) {
    ReplyWriter writer = new ReplyWriter(choices);
    writer.element(0);
    return writer.out.toByteArray();
  }

  private void element(int depth) {
    switch (choices.next(11)) {
      case 0 -> line("+" + "x".repeat(choices.next()));
      case 1 -> line(":" + NUMBERS[choices.next(NUMBERS.length)]);
      case 2, 3 -> value(TEXTS[choices.next(TEXTS.length)]);
      case 4 -> value("y".repeat(choices.next(80)));
      case 5 -> line(choices.next(2) == 0 ? "$-1" : "*-1");
      case 6 -> line("-" + ERRORS[choices.next(ERRORS.length)] + host() + ":" + choices.nextInt());
      case 7 -> {
        int count = depth < DEPTH_MAX ? choices.next(5) : 0;
        line("*" + count);
        for (int i = 0; i < count; i++) {
          element(depth + 1);
        }
      }
      case 8 -> record(choices.next(3), choices.next(80));
      case 9 -> records();
      default -> {
        int count = choices.next(4);
        line("*" + count);
        for (int i = 0; i < count; i++) {
          line("*2");
          value(TEXTS[choices.next(4)]);
          records();
        }
      }
    }
  }

  private String host() {
    return choices.next(2) == 0 ? "" : TEXTS[choices.next(TEXTS.length)];
  }

  private void records() {
    int count = choices.next();
    int length = choices.next(80);
    line("*" + count);
    for (int i = 0; i < count; i++) {
      record(i, length);
    }
  }

  private void record(int number, int length) {
    line("*2");
    value("8-" + number);
    line("*2");
    value("r");
    value("z".repeat(length));
  }

  private void line(String text) {
    out.writeBytes((text + "\r\n").getBytes(ISO_8859_1));
  }

  private void value(String text) {
    line("$" + text.length());
    line(text);
  }
}
