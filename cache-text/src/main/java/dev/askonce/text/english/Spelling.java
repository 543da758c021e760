package dev.askonce.text.english;

/** Whether two words are likely one, misspelt. */
final class Spelling {
  private static final int LETTERS_MIN = 5;

  private Spelling() {}

  /** {@return whether they differ in one letter, or in two neighbours exchanged, and are long} */
  static boolean isNear(String word, String other) {
    String a = word.length() <= other.length() ? word : other;
    String b = a == word ? other : word;
    if (a.length() < LETTERS_MIN || b.length() - a.length() > 1 || a.charAt(0) != b.charAt(0)) {
      return false;
    }
    int same = 0;
    while (same < a.length() && a.charAt(same) == b.charAt(same)) {
      same++;
    }
    if (a.length() < b.length()) {
      return a.substring(same).equals(b.substring(same + 1));
    } else if (same >= a.length()) {
      return true;
    }
    String restA = a.substring(same + 1);
    String restB = b.substring(same + 1);
    return restA.equals(restB)
        || same + 1 < a.length()
            && a.charAt(same) == b.charAt(same + 1)
            && a.charAt(same + 1) == b.charAt(same)
            && a.substring(same + 2).equals(b.substring(same + 2));
  }
}
