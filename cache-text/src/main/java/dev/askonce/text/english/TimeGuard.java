package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Another month, day of the week or day, "used to" and "no longer". */
final class TimeGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("time");

  /** Words that only tell a time beside another: "last week", and "the last word". */
  private static final Set<String> LOOSE =
      Set.of("last", "next", "previous", "upcoming", "past", "future", "former", "formerly");

  private static final Set<String> SPANS =
      Set.of(
          "day", "week", "weekend", "month", "quarter", "year", "season", "summer", "winter",
          "spring", "time");

  private static final Map<String, String> LONG =
      Map.ofEntries(
          Map.entry("jan", "january"),
          Map.entry("feb", "february"),
          Map.entry("mar", "march"),
          Map.entry("apr", "april"),
          Map.entry("jun", "june"),
          Map.entry("jul", "july"),
          Map.entry("aug", "august"),
          Map.entry("sep", "september"),
          Map.entry("sept", "september"),
          Map.entry("oct", "october"),
          Map.entry("nov", "november"),
          Map.entry("dec", "december"),
          Map.entry("mon", "monday"),
          Map.entry("tue", "tuesday"),
          Map.entry("tues", "tuesday"),
          Map.entry("wed", "wednesday"),
          Map.entry("thu", "thursday"),
          Map.entry("thurs", "thursday"),
          Map.entry("fri", "friday"),
          Map.entry("sat", "saturday"),
          Map.entry("sun", "sunday"));

  /** Also other words, unless beside a number or with a capital. */
  private static final Set<String> DOUBTFUL = Set.of("may", "march", "mar", "sun", "sat", "wed");

  @Override
  public boolean objects(EnglishPair pair) {
    return !times(pair.asked()).equals(times(pair.stored()));
  }

  private static Set<String> times(EnglishText text) {
    Set<String> times = new TreeSet<>();
    for (int i = 0; i < text.words().size(); i++) {
      Word word = text.words().get(i);
      String form = word.form();
      boolean calendar = word.is(WordClass.MONTH) || word.is(WordClass.WEEKDAY);
      if (calendar && !DOUBTFUL.contains(form)) {
        times.add(LONG.getOrDefault(form, form));
      } else if (word.is(WordClass.RELATIVE_TIME)) {
        boolean spans =
            i + 1 < text.words().size() && SPANS.contains(text.words().get(i + 1).stem());
        if (!LOOSE.contains(form)) {
          times.add(form);
        } else if (spans) {
          times.add(form + " " + text.words().get(i + 1).stem());
        }
      }
    }
    return times;
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
