package dev.askonce.cli.replay;

import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;

/** Stands for the classifier of tasks. */
public final class TaskWords {
  private TaskWords() {}

  public static Task of(ChatRequest request) {
    String text = request.messages().toString();
    if (text.contains("lassif")) {
      return Task.CLASSIFICATION;
    }
    return text.contains("xtract") ? Task.EXTRACTION : Task.OTHER;
  }
}
