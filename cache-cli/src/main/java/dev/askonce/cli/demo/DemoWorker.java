package dev.askonce.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.engine.Preset;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.redis.RedisReplication;
import dev.askonce.redis.ReplicationStats;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.english.English;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One of the processes of the shared demo. Its first line of input is its {@link DemoJob}; it
 * prints how many requests are done, one line each time, and then its {@link DemoWork}. It ends,
 * and closes its cache, when its input ends.
 */
public final class DemoWorker {
  private static final int TELL_EVERY = 100;
  private static final long PUBLISH_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final DemoJob job;
  private final Tally tally = new Tally(false);

  private DemoWorker(DemoJob job) {
    this.job = job;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      new DemoWorker(MAPPER.readValue(in.readLine(), DemoJob.class)).work(in);
    }
  }

  private void work(BufferedReader in) throws IOException, InterruptedException {
    Optional<RedisReplication> replication = job.replication();
    try (Embedder embedder = MiniLmEmbedder.open();
        Verifier verifier = CrossEncoder.open();
        SemanticCache cache = cache(embedder, verifier, replication)) {
      serve(cache);
      Optional<ReplicationStats> shared = Optional.empty();
      if (replication.isPresent()) {
        shared = Optional.of(awaitPublished(replication.get()));
      }
      System.out.println(MAPPER.writeValueAsString(work(shared)));
      while (in.readLine() != null) {
        // It stays for the others until it is told to go.
      }
    }
  }

  private SemanticCache cache(
      Embedder embedder, Verifier verifier, Optional<RedisReplication> replication) {
    SemanticCacheBuilder builder =
        SemanticCache.at(Path.of(job.directory()))
            .embedder(embedder)
            .policy(GuardedPolicy.builder().languages(new English()).verifier(verifier).build())
            .wrongShareMax(Preset.EAGER.wrongShareMax())
            .entriesMax(100_000);
    replication.ifPresent(shared -> builder.ttlMax(DemoJob.RETENTION).replication(shared));
    return builder.open();
  }

  private void serve(SemanticCache cache) {
    Traffic traffic = new Traffic(KnowledgeBase.load(), job.requests(), job.seed());
    for (int i = 0; i < job.from(); i++) {
      traffic.next();
    }
    // From here on, whatever is not of this process's own making is another's.
    tally.restarted();
    try (SupportDesk desk =
        new SupportDesk(Pipeline.of(cache), SupportDesk.Connection.standIn(job.modelUrl()))) {
      for (int i = job.from(); i < job.to(); i++) {
        Traffic.Visit visit = traffic.next();
        tally.add(visit, desk.ask(visit));
        int done = i + 1 - job.from();
        if (done % TELL_EVERY == 0) {
          System.out.println(done);
        }
      }
    }
  }

  private static ReplicationStats awaitPublished(RedisReplication replication)
      throws InterruptedException {
    long deadline = System.nanoTime() + PUBLISH_NANOS_MAX;
    while (replication.stats().queued() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return replication.stats();
  }

  private DemoWork work(Optional<ReplicationStats> shared) {
    return new DemoWork(
        job.to() - job.from(),
        tally.misses,
        tally.hits,
        tally.hitsAfterRestart,
        tally.wrongHits,
        tally.crossTenantHits,
        shared.map(ReplicationStats::published).orElse(0L),
        shared.map(ReplicationStats::entriesStored).orElse(0L));
  }
}
