package dev.askonce.cli.demo;

import dev.askonce.redis.RedisReplication;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a process of the shared demo does. It reaches the process through its standard input, since
 * every user of the machine may read a command line.
 *
 * @param uri of the servers; null to share with nobody
 * @param secret of the installation, in hexadecimal digits
 * @param prefix of the installation
 * @param directory of the process's own store
 * @param modelUrl of the model
 * @param requests in all of the traffic
 * @param from the first of them that this process serves
 * @param to after the last of them
 */
public record DemoJob(
    String uri,
    String secret,
    String prefix,
    String directory,
    String modelUrl,
    int requests,
    long seed,
    int from,
    int to) {
  /** Logs of a run that was killed before it could delete them are gone after so long. */
  static final Duration RETENTION = Duration.ofHours(2);

  /** {@return the way to share, if there is one} */
  Optional<RedisReplication> replication() {
    return uri == null
        ? Optional.empty()
        : Optional.of(
            RedisReplication.at(uri)
                .keyPrefix(prefix)
                .secret(HexFormat.of().parseHex(secret))
                .retention(RETENTION)
                .build());
  }

  /** {@return where and how much; no secret} */
  @Override
  public String toString() {
    return "DemoJob[" + directory + ", " + from + ".." + to + "]";
  }
}
