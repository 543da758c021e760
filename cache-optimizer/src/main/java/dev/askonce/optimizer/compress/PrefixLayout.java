package dev.askonce.optimizer.compress;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a prompt says something that changes from call to call before what does not: the provider
 * caches a prefix up to the first difference, so a time of day at the top costs the cache all that
 * stands behind it.
 */
public final class PrefixLayout {
  /** Marks the start of what changes from call to call. */
  public static final String START = "<volatile>";

  /** Marks its end. */
  public static final String END = "</volatile>";

  /** What in a prompt changes from call to call. */
  public enum Kind {
    /** A day with a time, or a time of day that is no end of a span. */
    TIME(
        "\\b\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d|(?<![-–] ?)\\b\\d{1,2}:\\d\\d(:\\d\\d)?\\b(?!"
            + " *[-–] *\\d)"),
    /** The day, said to be today's. */
    DATE("(?i)\\b(today|current date|date)( is|:)? *[^.\\n]{0,20}\\d"),
    /** A number of a request, a session or a user. */
    ID(
        "\\b\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}\\b"
            + "|(?i)\\b(request|session|trace|user|conversation)[ _-]?id\\b *[:=]? *\\S+"
            + "|\\b(?=[0-9a-f]*\\d)(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\\b"),
    /** Seconds or milliseconds since 1970. */
    EPOCH("\\b1[5-9]\\d{8}(\\d{3})?\\b"),
    /** What the operator has marked. */
    MARKED(START);

    private final Pattern pattern;

    Kind(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  /**
   * Something volatile before something stable.
   *
   * @param message the number of the message, from 0
   * @param at where it begins in the message's text, in UTF-16 units
   * @param charsBehind how much of the message's text the provider cannot cache because of it
   */
  public record Finding(Kind kind, int message, int at, int charsBehind) {}

  /** Less behind it is not worth a word. */
  private static final int CHARS_BEHIND_MIN = 400;

  private PrefixLayout() {}

  /**
   * {@return what is volatile in the system messages, with much behind it, first to last} Found by
   * its look, so an example's date may be among it.
   */
  public static List<Finding> findings(ChatRequest request) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < request.messages().size(); i++) {
      JsonNode message = request.messages().get(i);
      if (!isSystem(message) || !message.path("content").isTextual()) {
        continue;
      }
      String text = message.get("content").textValue();
      List<Finding> here = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        Matcher matcher = kind.pattern.matcher(text);
        while (matcher.find()) {
          if (text.length() - matcher.end() >= CHARS_BEHIND_MIN) {
            here.add(new Finding(kind, i, matcher.start(), text.length() - matcher.end()));
          }
        }
      }
      here.sort(Comparator.comparingInt(Finding::at));
      findings.addAll(here);
    }
    return findings;
  }

  /** {@return the text with its marked sections at the end, in their order, without the marks} */
  static String volatileLast(String text) {
    StringBuilder stable = new StringBuilder(text.length());
    StringBuilder moved = new StringBuilder();
    int from = 0;
    for (int start = text.indexOf(START); start >= 0; start = text.indexOf(START, from)) {
      int end = text.indexOf(END, start);
      if (end < 0) {
        return text; // an open mark: nobody can say what was meant
      }
      stable.append(text, from, start);
      moved.append('\n').append(text.substring(start + START.length(), end).strip());
      from = end + END.length();
      if (text.startsWith("\n", from) && (stable.isEmpty() || endsLine(stable))) {
        from++;
      }
    }
    return from == 0 ? text : stable.append(text.substring(from)).append(moved).toString();
  }

  private static boolean endsLine(StringBuilder text) {
    return text.charAt(text.length() - 1) == '\n';
  }

  static boolean isSystem(JsonNode message) {
    String role = message.path("role").asText();
    return role.equals("system") || role.equals("developer");
  }
}
