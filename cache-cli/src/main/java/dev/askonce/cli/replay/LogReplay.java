package dev.askonce.cli.replay;

import dev.askonce.bench.data.Progress;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.replay.Replay;
import dev.askonce.optimizer.replay.ReplayReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Replays a log through the real stages. */
public final class LogReplay {
  private LogReplay() {}

  /** {@return what the levers would have saved on the calls of a log} */
  public static ReplayReport run(Path file, StageSettings settings, Progress progress)
      throws IOException {
    try (LogFile log = new LogFile(file)) {
      LoggedCall first = log.first();
      try (Stages stages = new Stages(first.at(), settings)) {
        Replay replay = stages.replay().build();
        long done = 0;
        for (Optional<LoggedCall> call = Optional.of(first); call.isPresent(); call = log.next()) {
          log.malformed().forEach(replay::malformed);
          replay.add(call.get());
          long now = ++done;
          progress.tell(() -> "%,d calls replayed".formatted(now));
        }
        log.malformed().forEach(replay::malformed);
        return replay.report();
      }
    }
  }
}
