package dev.askonce.optimizer.task;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Says what kind of work a request asks for, by rules over its words and its settings.
 *
 * <p>Phrases of English ({@code english.cues}) and signs of the request (a response format, a limit
 * on tokens, stop sequences, code, choices to pick from) give points to tasks; the most points win,
 * {@value #POINTS_MIN} at least. Of equal tasks the one whose answers are longer wins, so that a
 * doubt limits nothing. Other languages show little and are mostly {@link Task#OTHER}.
 *
 * <p>Thread-safe. Some microseconds a request: what is read of it is cut at {@value
 * #USER_CHARS_MAX} characters of the user's text and as many of the system text, and what it found
 * in recent texts is remembered. So levers that ask should share one classifier.
 */
public final class TaskClassifier {
  /** The most that is read of a user's text, and of a system text: its beginning and its end. */
  static final int USER_CHARS_MAX = 1_000;

  /** Points that a task needs. */
  static final double POINTS_MIN = 2;

  /** How much of what is read is the text's end. */
  private static final int END_CHARS = 250;

  /** Words at both ends in which an instruction is looked for; between them lies what it is of. */
  private static final int HEAD_WORDS = 50;

  private static final int TAIL_WORDS = 25;
  private static final double MIDDLE_SHARE = 0.5;

  /** Of equal points the first wins. */
  private static final Task[] PREFERENCE = {
    Task.CODE,
    Task.CREATIVE,
    Task.ANALYSIS,
    Task.REWRITING,
    Task.EXTRACTION,
    Task.CLASSIFICATION,
    Task.OTHER,
    Task.FACTUAL
  };

  /** System texts that are remembered: a service has a few, and each comes again and again. */
  private static final int SYSTEMS_MAX = 128;

  /** The same for users' texts: levers of one call ask one after the other, for the same text. */
  private static final int USERS_MAX = 128;

  private final Cues cues = Cues.english();
  private final RecentPoints systems = new RecentPoints(SYSTEMS_MAX);
  private final RecentPoints users = new RecentPoints(USERS_MAX);

  /**
   * What a request asks for.
   *
   * @param evidence the cues that speak for it, for logs and reports; none where nothing does
   */
  public record Verdict(Task task, List<String> evidence) {}

  /** {@return what the caller says, or else what the request shows} */
  public Verdict classify(ChatRequest request, CallContext context) {
    return context
        .task()
        .map(task -> new Verdict(task, List.of("said by the caller")))
        .orElseGet(() -> classify(request));
  }

  /** {@return what the request shows: its last user message, its system text and its settings} */
  public Verdict classify(ChatRequest request) {
    Points points = new Points();
    Signs.read(request, points);
    RequestText text = RequestText.of(request);
    return classify(text.system(), text.lastUser(), points);
  }

  /** {@return what the first user message shows, which stays the same along a conversation} */
  public Verdict classifyOpening(ChatRequest request) {
    Points points = new Points();
    Signs.read(request, points);
    RequestText text = RequestText.of(request);
    return classify(text.system(), text.firstUser(), points);
  }

  /** {@return what the words of a request show} Either may be empty. */
  public Verdict classify(String system, String user) {
    return classify(system, user, new Points());
  }

  private Verdict classify(String system, String user, Points points) {
    points.addAll(systems.computeIfAbsent(cut(system), this::ofSystem));
    points.addAll(users.computeIfAbsent(cut(user), this::ofUser));
    Task best = Task.OTHER;
    double most = 0;
    for (Task task : PREFERENCE) {
      if (points.of(task) > most) {
        best = task;
        most = points.of(task);
      }
    }
    return most < POINTS_MIN
        ? new Verdict(Task.OTHER, List.of())
        : new Verdict(best, points.evidence(best));
  }

  private Points ofSystem(String text) {
    Points points = new Points();
    count(Words.of(text), points);
    return points;
  }

  private Points ofUser(String text) {
    Points points = new Points();
    Signs.read(text, points);
    Words words = Words.of(text);
    Signs.read(words, points);
    count(words, points);
    return points;
  }

  private void count(Words words, Points points) {
    BitSet counted = new BitSet();
    int tail = words.size() - TAIL_WORDS;
    for (int at = 0; at < words.size(); at++) {
      for (Cue cue : cues.of(words.at(at))) {
        int end = counted.get(cue.index()) ? Cue.NONE : cue.end(words, at);
        if (end != Cue.NONE) {
          counted.set(cue.index());
          boolean middle = at >= HEAD_WORDS && at < tail;
          double value = middle ? MIDDLE_SHARE * cue.points() : cue.points();
          points.add(cue.task(), value, words.between(at, end));
        }
      }
    }
  }

  /** {@return the beginning and the end of a long text} */
  private static String cut(String text) {
    return text.length() <= USER_CHARS_MAX
        ? text
        : text.substring(0, USER_CHARS_MAX - END_CHARS)
            + '\n'
            + text.substring(text.length() - END_CHARS);
  }

  /** Points and what gave them, by task. Not thread-safe. */
  static final class Points {
    private final double[] sums = new double[Task.values().length];
    private final Map<Task, List<String>> sources = new EnumMap<>(Task.class);

    void add(Task task, double value, String source) {
      sums[task.ordinal()] += value;
      sources.computeIfAbsent(task, unused -> new ArrayList<>(4)).add(source);
    }

    void addAll(Points others) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += others.sums[i];
      }
      others.sources.forEach(
          (task, more) ->
              sources
                  .computeIfAbsent(task, unused -> new ArrayList<>(more.size() + 4))
                  .addAll(more));
    }

    double of(Task task) {
      return sums[task.ordinal()];
    }

    List<String> evidence(Task task) {
      return List.copyOf(sources.get(task));
    }
  }
}
