package dev.askonce.cli.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.bench.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What has to be known of a job again by whoever opens its directory: the file {@code
 * settings.json} in it.
 *
 * @param cache directory of a store, or empty
 * @param similar whether the cache may answer a request that is only similar
 */
public record JobSettings(
    String baseUrl,
    String tenant,
    String endpoint,
    String cache,
    boolean similar,
    int attemptsMax,
    int waveMax) {
  private static final String FILE = "settings.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  String chatUrl() {
    return baseUrl + "/chat/completions";
  }

  /** {@return the settings of the job in a directory} */
  static JobSettings read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    InputException.require(Files.isRegularFile(file), "there is no batch job in " + directory);
    try {
      return MAPPER.readValue(file.toFile(), JobSettings.class);
    } catch (JsonProcessingException e) {
      throw new InputException(file + " is damaged");
    }
  }

  static boolean isIn(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(FILE), MAPPER.writeValueAsBytes(this));
  }
}
