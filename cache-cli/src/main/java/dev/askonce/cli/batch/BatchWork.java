package dev.askonce.cli.batch;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.askonce.bench.data.InputException;
import dev.askonce.openai.batch.OpenAiBatchApi;
import dev.askonce.optimizer.batch.BatchJob;
import dev.askonce.optimizer.batch.BatchJobBuilder;
import dev.askonce.optimizer.batch.Pause;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** A job with its client and its cache, from opening to closing. */
public final class BatchWork implements AutoCloseable {
  private static final String KEY = "OPENAI_API_KEY";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private final BatchJob job;
  private final OpenAIClient client;
  private final LazyCache cache;

  private BatchWork(BatchJob job, OpenAIClient client, LazyCache cache) {
    this.job = job;
    this.client = client;
    this.cache = cache;
  }

  /** Makes a job or opens one. */
  private interface Opener {
    BatchJob open(BatchJobBuilder builder) throws IOException;
  }

  /** {@return the job of a directory} */
  public static BatchWork open(Path directory, Map<String, String> environment, Pause pause)
      throws IOException {
    JobSettings settings = JobSettings.read(directory);
    return with(
        settings,
        directory,
        key(settings.baseUrl(), environment),
        pause,
        builder -> builder.open());
  }

  /**
   * {@return the job of a file, made now or, if it is the same, opened}
   *
   * @throws InputException if the directory has a job of another file or settings, or a line cannot
   *     be in a batch
   */
  public static BatchWork plan(
      Path file, Path directory, JobSettings settings, Map<String, String> environment, Pause pause)
      throws IOException {
    InputException.require(Files.isRegularFile(file), "there is no file " + file);
    String key = key(settings.baseUrl(), environment);
    String hash = sha256(file);
    if (BatchJob.isIn(directory)) {
      boolean same = JobSettings.isIn(directory) && JobSettings.read(directory).equals(settings);
      BatchWork known = open(directory, environment, pause);
      if (!same || !known.job.input().equals(hash)) {
        known.close();
        throw new InputException(
            directory + " holds a job of another file or other options; give another --dir");
      }
      return known;
    }
    settings.write(directory);
    CallContext context =
        CallContext.of(settings.tenant(), settings.chatUrl())
            .endpoint(settings.endpoint())
            .interactive(false);
    return with(
        settings,
        directory,
        key,
        pause,
        builder -> {
          try (CallLines calls = new CallLines(file, context)) {
            return builder.input(hash).plan(calls);
          }
        });
  }

  private static BatchWork with(
      JobSettings settings, Path directory, String key, Pause pause, Opener opener)
      throws IOException {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().apiKey(key).baseUrl(settings.baseUrl()).build();
    LazyCache cache =
        settings.cache().isEmpty()
            ? null
            : new LazyCache(Path.of(settings.cache()), settings.similar());
    BatchWork unopened = new BatchWork(null, client, cache);
    try {
      BatchJobBuilder builder =
          BatchJob.builder(new OpenAiBatchApi(client, settings.baseUrl()), directory)
              .attemptsMax(settings.attemptsMax())
              .waveMax(settings.waveMax())
              .pause(pause);
      if (cache != null) {
        builder.cache(cache);
      }
      return new BatchWork(opener.open(builder), client, cache);
    } catch (ChatException e) {
      unopened.close();
      throw new InputException(e.getMessage());
    } catch (Throwable e) {
      unopened.close();
      throw e;
    }
  }

  /** {@return the key; a server on this machine needs none} */
  private static String key(String baseUrl, Map<String, String> environment) {
    String key = environment.getOrDefault(KEY, "");
    if (!key.isBlank()) {
      return key;
    }
    String host;
    try {
      host = URI.create(baseUrl).getHost();
    } catch (IllegalArgumentException e) {
      host = null;
    }
    InputException.require(host != null, "--base-url " + baseUrl + " is no address");
    InputException.require(THIS_MACHINE.contains(host), "set " + KEY + " to ask " + host);
    return "none";
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public BatchJob job() {
    return job;
  }

  @Override
  public void close() throws IOException {
    try {
      if (job != null) {
        job.close();
      }
      if (cache != null) {
        cache.close();
      }
    } finally {
      client.close();
    }
  }
}
