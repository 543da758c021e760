package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a job of calls: finds what is asked twice and what is known, and writes down the rest. */
final class JobPlanner {
  static final String ITEMS = "items.jsonl";
  static final String RESULTS = "results.jsonl";

  private final BatchApi api;
  private final Path directory;
  private final BatchJobBuilder settings;
  private final CacheDoor cache;
  private final BatchCost cost;

  JobPlanner(
      BatchApi api, Path directory, BatchJobBuilder settings, CacheDoor cache, BatchCost cost) {
    this.api = api;
    this.directory = directory;
    this.settings = settings;
    this.cache = cache;
    this.cost = cost;
  }

  /**
   * Writes the job; it exists from the moment on when its state is there.
   *
   * @throws ChatException.InvalidJob if a call cannot be in a batch, or there are none
   */
  JobState plan(Iterator<BatchCall> calls) throws IOException {
    clear();
    Map<Integer, Usage> expected = new HashMap<>();
    try (ItemFile.Writer writer =
        new ItemFile.Writer(directory.resolve(ITEMS), settings.deduplicates)) {
      for (int index = 0; calls.hasNext(); index++) {
        BatchCall call = calls.next();
        if (!api.serves(call.context().url())) {
          throw new ChatException.InvalidJob(
              "the batch service does not serve " + call.context().url());
        }
        if (writer.add(call) == index) {
          expected.put(index, cost.expected(call.request()));
        }
      }
    }
    try (ItemFile items = ItemFile.open(directory.resolve(ITEMS));
        ResultFile results = ResultFile.open(directory.resolve(RESULTS), items.items().size())) {
      if (items.items().isEmpty()) {
        throw new ChatException.InvalidJob("there are no requests");
      }
      return plan(items, results, expected);
    }
  }

  private JobState plan(ItemFile items, ResultFile results, Map<Integer, Usage> expected)
      throws IOException {
    List<Item> asked = new ArrayList<>();
    BatchCost.Sum sum = cost.new Sum();
    for (Item item : items.items()) {
      Item first = items.items().get(item.same());
      if (item.isFirst()) {
        Optional<ChatReply> known = lookup(items, item);
        if (known.isPresent()) {
          JsonNode body = Json.MAPPER.readTree(known.get().body());
          results.add(item.index(), ItemResult.cached(body));
          expected.put(item.index(), known.get().avoided().orElseThrow().usage());
        } else {
          asked.add(item);
        }
      }
      sum.add(
          first.model(),
          expected.get(first.index()),
          !item.isFirst(),
          results.isAnswered(first.index()));
    }
    results.force();
    PartPlanner planner = new PartPlanner(directory, settings.limits, api.requestPath());
    boolean all = asked.size() <= settings.waveMax;
    List<Part> parts = planner.plan(items, all ? asked : asked.subList(0, settings.waveMax), 1, 1);
    int released = all ? items.items().size() : asked.get(settings.waveMax).index();
    JobState state =
        new JobState(
            JobState.VERSION,
            settings.names.get(),
            settings.input,
            settings.clock.millis(),
            false,
            released,
            sum.estimate(),
            parts);
    state.write(directory);
    return state;
  }

  private Optional<ChatReply> lookup(ItemFile items, Item item) throws IOException {
    return cache.lookup(items.request(item), ItemFile.context(item));
  }

  /** Removes what a process left that was killed while it planned. */
  private void clear() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.equals(ITEMS) || name.equals(RESULTS) || name.matches("part-\\d+\\.jsonl")) {
          Files.delete(file);
        }
      }
    }
  }
}
