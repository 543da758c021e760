package dev.askonce.cli.batch;

import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.ItemResult;
import dev.askonce.optimizer.chat.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Writes a job's results in the order of its requests, in the form of the Batch API's output. */
public final class ResultLines {
  private ResultLines() {}

  /** {@return how many results there are} The file is replaced as a whole. */
  public static int write(BatchJob job, Path file) throws IOException {
    int written = 0;
    Path fresh = file.toAbsolutePath().resolveSibling(file.getFileName() + ".new");
    try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
      for (int index = 0; index < job.size(); index++) {
        Optional<ItemResult> result = job.result(index);
        if (result.isPresent()) {
          out.write(Json.MAPPER.writeValueAsString(result.get().toLine(job.idOf(index))));
          out.write('\n');
          written++;
        }
      }
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    return written;
  }
}
