package dev.askonce.cli.replay;

import dev.askonce.bench.data.Progress;
import dev.askonce.optimizer.audit.Audit;
import dev.askonce.optimizer.audit.AuditReport;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Audits a log. */
public final class LogAudit {
  private LogAudit() {}

  /**
   * {@return what a log shows of money that need not be spent}
   *
   * @param audit a fresh one
   * @param hideTexts whether even the first characters of prompts are left out
   */
  public static AuditReport run(Path file, Audit audit, boolean hideTexts, Progress progress)
      throws IOException {
    try (LogFile log = new LogFile(file)) {
      long done = 0;
      Optional<LoggedCall> call = Optional.of(log.first());
      while (call.isPresent()) {
        audit.add(call.get());
        long now = ++done;
        progress.tell(() -> "%,d calls read".formatted(now));
        call = log.next();
        log.malformed().forEach(line -> audit.malformed());
      }
      return audit.report(hideTexts);
    }
  }
}
