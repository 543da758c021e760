package dev.askonce.text.english;

import java.util.Map;

/**
 * Takes the endings of inflection off a word, so that its forms are equal: number, tense, and the
 * adverb's {@code -ly}. A stem need not be a word. Endings that make other words ({@code -er},
 * {@code -ment}) stay.
 */
final class Stemmer {
  private static final int LETTERS_MIN = 3;

  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("men", "man"),
          Map.entry("women", "woman"),
          Map.entry("children", "child"),
          Map.entry("people", "person"),
          Map.entry("lives", "life"),
          Map.entry("wives", "wife"),
          Map.entry("feet", "foot"),
          Map.entry("teeth", "tooth"),
          Map.entry("bought", "buy"),
          Map.entry("sold", "sell"),
          Map.entry("sent", "send"),
          Map.entry("paid", "pay"),
          Map.entry("made", "make"),
          Map.entry("got", "get"),
          Map.entry("gotten", "get"),
          Map.entry("took", "take"),
          Map.entry("taken", "take"),
          Map.entry("gave", "give"),
          Map.entry("given", "give"),
          Map.entry("went", "go"),
          Map.entry("gone", "go"),
          Map.entry("came", "come"),
          Map.entry("saw", "see"),
          Map.entry("seen", "see"),
          Map.entry("knew", "know"),
          Map.entry("known", "know"),
          Map.entry("thought", "think"),
          Map.entry("found", "find"),
          Map.entry("lost", "lose"),
          Map.entry("won", "win"),
          Map.entry("wrote", "write"),
          Map.entry("written", "write"),
          Map.entry("spoke", "speak"),
          Map.entry("spoken", "speak"),
          Map.entry("broke", "break"),
          Map.entry("broken", "break"),
          Map.entry("chose", "choose"),
          Map.entry("chosen", "choose"),
          Map.entry("forgot", "forget"),
          Map.entry("forgotten", "forget"),
          Map.entry("left", "left"),
          Map.entry("kept", "keep"),
          Map.entry("told", "tell"),
          Map.entry("said", "say"),
          Map.entry("began", "begin"),
          Map.entry("begun", "begin"),
          Map.entry("became", "become"),
          Map.entry("built", "build"),
          Map.entry("learnt", "learn"),
          Map.entry("taught", "teach"),
          Map.entry("caught", "catch"),
          Map.entry("beaten", "beat"),
          Map.entry("ate", "eat"),
          Map.entry("eaten", "eat"),
          Map.entry("drove", "drive"),
          Map.entry("driven", "drive"),
          Map.entry("stole", "steal"),
          Map.entry("stolen", "steal"),
          Map.entry("hid", "hide"),
          Map.entry("hidden", "hide"),
          Map.entry("died", "die"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("using", "use"),
          Map.entry("used", "use"),
          Map.entry("better", "better"),
          Map.entry("news", "news"),
          Map.entry("during", "during"),
          Map.entry("thing", "thing"),
          Map.entry("nothing", "nothing"),
          Map.entry("need", "need"),
          Map.entry("speed", "speed"),
          Map.entry("only", "only"),
          Map.entry("family", "family"),
          Map.entry("reply", "reply"),
          Map.entry("apply", "apply"),
          Map.entry("daily", "daily"));

  private Stemmer() {}

  /** {@return the stem of a word in lower case} */
  static String stem(String word) {
    String irregular = IRREGULAR.get(word);
    if (irregular != null) {
      return irregular;
    }
    String stem = withoutPlural(word);
    if (stem.endsWith("ing") && isLongEnough(stem, 3)) {
      stem = single(stem.substring(0, stem.length() - 3));
    } else if (stem.endsWith("ied") && isLongEnough(stem, 3)) {
      stem = stem.substring(0, stem.length() - 3) + "y";
    } else if (stem.endsWith("ed") && isLongEnough(stem, 2)) {
      stem = single(stem.substring(0, stem.length() - 2));
    } else if (stem.endsWith("ily") && stem.length() > 5) {
      stem = stem.substring(0, stem.length() - 3) + "y";
    } else if (stem.endsWith("ly") && stem.length() > 5) {
      stem = stem.substring(0, stem.length() - 2);
    }
    return stem.length() > LETTERS_MIN && stem.endsWith("e")
        ? stem.substring(0, stem.length() - 1)
        : stem;
  }

  private static String withoutPlural(String word) {
    if (word.length() <= LETTERS_MIN || !word.endsWith("s")) {
      return word;
    } else if (word.endsWith("ies")) {
      return word.substring(0, word.length() - 3) + "y";
    } else if (word.endsWith("sses")
        || word.endsWith("shes")
        || word.endsWith("ches")
        || word.endsWith("xes")
        || word.endsWith("zes")) {
      return word.substring(0, word.length() - 2);
    } else if (word.endsWith("ss") || word.endsWith("us") || word.endsWith("is")) {
      return word;
    }
    return word.substring(0, word.length() - 1);
  }

  private static boolean isLongEnough(String word, int ending) {
    int letters = word.length() - ending;
    if (letters < LETTERS_MIN) {
      return false;
    }
    for (int i = 0; i < letters; i++) {
      if ("aeiouy".indexOf(word.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** {@return the word with a doubled last consonant once: stopp is stop, but tell stays} */
  private static String single(String stem) {
    int last = stem.length() - 1;
    boolean doubled =
        last > 2
            && stem.charAt(last) == stem.charAt(last - 1)
            && "lsaeiouz".indexOf(stem.charAt(last)) < 0;
    return doubled ? stem.substring(0, last) : stem;
  }
}
