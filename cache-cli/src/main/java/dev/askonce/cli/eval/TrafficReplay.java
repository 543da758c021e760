package dev.askonce.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.Preset;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Route;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Streams requests of a file through a cache, one after another: what is not answered is stored,
 * under its {@code answerId}. Used once, by one thread.
 */
final class TrafficReplay {
  private record Request(String scope, String text, String answerId) {}

  private static final String TENANT = "replay";

  private final List<Request> requests = new ArrayList<>();
  private final Embedder embedder;
  private final float threshold;
  private final Progress progress;

  /**
   * @param file {@code {scope, text, answerId}} lines; scope may be missing, other fields are
   *     ignored
   * @param threshold raw cosine, for what no verifier weighs
   */
  TrafficReplay(Path file, Embedder embedder, float threshold, Progress progress)
      throws IOException {
    this.embedder = embedder;
    this.threshold = threshold;
    this.progress = progress;
    JsonLines.read(
        file,
        (line, where) ->
            requests.add(
                new Request(
                    scope(line, where),
                    JsonLines.text(line, "text", where),
                    answerId(line, where))));
  }

  private static String scope(JsonNode line, String where) {
    return line.hasNonNull("scope") ? JsonLines.text(line, "scope", where) : "all";
  }

  private static String answerId(JsonNode line, String where) {
    JsonNode id = line.get("answerId");
    InputException.require(
        id != null && id.isValueNode() && !id.isNull(), where + ": no \"answerId\"");
    return id.asText();
  }

  ReplayReport run(DecisionPolicy policy) throws IOException {
    Map<String, ReplayReport.Result> results = new TreeMap<>();
    for (Preset preset : Preset.values()) {
      String name = CacheEvaluation.name(preset);
      results.put(name, run(name, policy, Route.DEFAULTS.preset(preset)));
    }
    DecisionPolicy cosine = new CosinePolicy();
    return new ReplayReport(requests.size(), results, run("cosine", cosine, Route.DEFAULTS));
  }

  private ReplayReport.Result run(String name, DecisionPolicy policy, Route route)
      throws IOException {
    try (Folders.Work work = Folders.work(Optional.empty(), "askonce-replay");
        SemanticCache cache = open(work.path().resolve("store"), policy, route)) {
      long hits = 0;
      long wrong = 0;
      long done = 0;
      for (Request request : requests) {
        Scope scope = Scope.tenant(TENANT).with("scope", request.scope());
        Lookup lookup = cache.lookup(scope, request.text());
        if (lookup.hit().isPresent()) {
          hits++;
          wrong += lookup.hit().get().answer().text().equals(request.answerId()) ? 0 : 1;
        } else {
          cache.put(scope, request.text(), Answer.text(request.answerId()), PutOptions.DEFAULTS);
        }
        long now = ++done;
        progress.tell(() -> String.format("%s: %,d of %,d requests", name, now, requests.size()));
      }
      CacheStats stats = cache.stats();
      return new ReplayReport.Result(
          requests.size(),
          hits,
          (double) hits / requests.size(),
          stats.exactHits(),
          stats.semanticHits(),
          wrong,
          hits == 0 ? 0 : (double) wrong / hits,
          new TreeMap<>(stats.refusals()));
    }
  }

  private SemanticCache open(Path directory, DecisionPolicy policy, Route route) {
    return SemanticCache.at(directory)
        .embedder(embedder)
        .policy(policy)
        .threshold(threshold)
        .route(Route.DEFAULT_NAME, route)
        .entriesMax(Math.max(1_000, requests.size()))
        .ttl(Duration.ofDays(1))
        .open();
  }
}
