package dev.askonce.optimizer.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cues of a language by the words they may begin with. Immutable and thread-safe. */
final class Cues {
  private final Map<String, List<Cue>> byFirstWord = new HashMap<>();

  private int count;

  private Cues() {}

  /** {@return the cues that come with us} */
  static Cues english() {
    Cues cues = new Cues();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Cues.class.getResourceAsStream("english.cues"), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          cues.add(Cue.parse(cues.count++, line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cues;
  }

  private void add(Cue cue) {
    for (String word : cue.elements().getFirst()) {
      byFirstWord.computeIfAbsent(word, unused -> new ArrayList<>()).add(cue);
    }
  }

  /** {@return the cues that may begin with a word} */
  List<Cue> of(String word) {
    return byFirstWord.getOrDefault(word, List.of());
  }
}
