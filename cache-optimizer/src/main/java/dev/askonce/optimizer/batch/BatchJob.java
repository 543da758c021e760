package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.batch.JobStatus.PartStatus;
import dev.askonce.optimizer.batch.JobStatus.State;
import dev.askonce.optimizer.batch.Part.Stage;
import dev.askonce.optimizer.batch.RemoteBatch.Status;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Requests on their way through a batch service, with everything that is known of them in a
 * directory of their own. Equal requests are asked once, what the cache has is not asked at all,
 * what failed is asked again some times, and what was answered goes to the cache.
 *
 * <pre>
 *   lock           held while a process works on the job
 *   items.jsonl    the requests, written once
 *   part-N.jsonl   the files that are uploaded, written once
 *   state.json     how far each part is, replaced before and after each step
 *   results.jsonl  answers and failures, appended
 * </pre>
 *
 * <p>A process may be killed at any point: opened again, the job goes on. Between asking for a
 * batch and noting its id, whether it exists is unknown; then it is looked for by its labels, after
 * {@link BatchJobBuilder#settleTime}, and adopted or created.
 *
 * <p>Thread-safe: one step at a time.
 */
public final class BatchJob implements AutoCloseable {
  private static final String TOKEN_LIMIT = "token_limit_exceeded";
  private static final int REFUSALS_MAX = 3;

  private final BatchApi api;
  private final Path directory;
  private final BatchJobBuilder settings;
  private final JobLock lock;
  private final CacheDoor cache;
  private final BatchCost cost;
  private final ItemFile items;
  private final ResultFile results;
  private final PartSteps steps;
  private JobState state;
  private String trouble = "";

  private final Map<Integer, List<Integer>> membersOf = new HashMap<>();

  /** Which items a part is open for, and of which state this was said. */
  private boolean[] openMembers;

  private JobState openFor;

  BatchJob(BatchJobBuilder builder, JobLock lock, JobState state) throws IOException {
    api = builder.api;
    directory = builder.directory;
    settings = builder;
    this.lock = lock;
    this.state = state;
    cache = builder.door();
    cost = builder.cost();
    items = ItemFile.open(directory.resolve(JobPlanner.ITEMS));
    results = ResultFile.open(directory.resolve(JobPlanner.RESULTS), items.items().size());
    steps = new PartSteps(api, directory, state, builder.settleTime, builder.clock, this::savePart);
  }

  /**
   * {@return a builder of the job in a directory}
   *
   * @param directory is made if need be; holds one job and nothing else
   */
  public static BatchJobBuilder builder(BatchApi api, Path directory) {
    return new BatchJobBuilder(api, directory);
  }

  /** {@return whether a directory holds a job} */
  public static boolean isIn(Path directory) {
    return JobState.exists(directory);
  }

  /** {@return the job's name, which no other has} */
  public String id() {
    return state.job();
  }

  /** {@return what {@link BatchJobBuilder#input} said when the job was planned} */
  public String input() {
    return state.input();
  }

  public BatchEstimate estimate() {
    return state.estimate();
  }

  /** {@return how many requests there are} */
  public int size() {
    return items.items().size();
  }

  /** {@return the caller's name for a request} */
  public String idOf(int index) {
    return items.items().get(index).id();
  }

  /** {@return the items, for who knows them by their keys} */
  List<Item> items() {
    return items.items();
  }

  /**
   * Does whatever can be done now: uploads, starts, looks, collects, plans retries. Returns without
   * waiting for the batches.
   *
   * @return how far the job is then; what the provider refused to do is in {@link
   *     JobStatus#trouble}, and is tried again by the next call
   * @throws IOException if the directory cannot be written
   */
  public synchronized JobStatus advance() throws IOException {
    trouble = "";
    // By number, since collecting adds parts.
    for (int i = 0; i < state.parts().size(); i++) {
      if (state.parts().get(i).open()) {
        try {
          advance(state.parts().get(i));
        } catch (Provider e) {
          trouble = e.getMessage();
        }
      }
    }
    if (state.parts().stream().noneMatch(Part::open) && unreleased() && !state.cancelled()) {
      release();
    }
    return status();
  }

  private boolean unreleased() {
    return state.released() < size();
  }

  /** Sends the next wave, without what the answers of the last one settle. */
  private void release() throws IOException {
    List<Item> asked = new ArrayList<>();
    int index = state.released();
    for (; index < size() && asked.size() < settings.waveMax; index++) {
      Item item = item(index);
      if (item.isFirst() && !results.isAnswered(index)) {
        Optional<ChatReply> known = cache.lookup(items.request(item), ItemFile.context(item));
        if (known.isPresent()) {
          results.add(index, ItemResult.cached(Json.MAPPER.readTree(known.get().body())));
        } else {
          asked.add(item);
        }
      }
    }
    results.force();
    List<Part> parts = new ArrayList<>(state.parts());
    parts.addAll(planner().plan(items, asked, parts.size() + 1, 1));
    save(state.with(parts, index));
  }

  private PartPlanner planner() {
    return new PartPlanner(directory, settings.limits, api.requestPath());
  }

  private void advance(Part part) throws IOException, Provider {
    if (part.stage() != Stage.SUBMITTED) {
      if (part.refusals() >= REFUSALS_MAX && !part.problem().equals(TOKEN_LIMIT)) {
        drop(part);
        return;
      }
      ofProvider(() -> steps.submit(part, state.cancelled()));
      return;
    }
    RemoteBatch batch = ofProvider(() -> look(part));
    Part seen = part.seen(batch);
    if (!batch.status().isEnd()) {
      if (!seen.equals(part)) {
        savePart(seen);
      }
    } else if (batch.status() == Status.FAILED && seen.problem().equals(TOKEN_LIMIT)) {
      // Too much of this model waits already: nothing is wrong with the file.
      savePart(part.refused(TOKEN_LIMIT, steps.later(part.refusals())));
    } else {
      collect(seen, batch);
    }
  }

  private RemoteBatch look(Part part) throws IOException {
    if (state.cancelled() && !part.status().equals(Status.CANCELLING.label())) {
      try {
        return api.cancel(part.batchId());
      } catch (BatchRefusal e) {
        // It may have ended meanwhile, and then there is nothing to stop.
      }
    }
    return api.retrieve(part.batchId());
  }

  private void collect(Part part, RemoteBatch batch) throws IOException, Provider {
    List<Integer> members = members(part);
    ofProvider(
        () -> {
          new PartResults(api, results).take(batch, part.attempt(), members);
          return null;
        });
    List<Item> again = new ArrayList<>();
    for (int index : members) {
      Item item = items.items().get(index);
      if (results.isAnswered(index)) {
        keep(item);
      } else if (results.isRetryable(index)) {
        again.add(item);
      }
    }
    List<Part> parts = new ArrayList<>(state.parts());
    parts.set(part.number() - 1, part.at(Stage.COLLECTED, settings.clock.millis()));
    if (!state.cancelled() && part.attempt() < settings.attemptsMax) {
      parts.addAll(planner().plan(items, again, parts.size() + 1, part.attempt() + 1));
    }
    save(state.with(parts, state.released()));
  }

  private void keep(Item item) throws IOException {
    ItemResult result = results.read(item.index()).orElseThrow();
    if (result.source() == ItemResult.Source.BATCH) {
      cache.store(items.request(item), ItemFile.context(item), result.body());
    }
  }

  /** Gives up a part that the provider does not take. */
  private void drop(Part part) throws IOException {
    for (int index : members(part)) {
      results.add(index, ItemResult.failed(part.attempt(), ItemResult.REFUSED, part.problem()));
    }
    results.force();
    savePart(part.at(Stage.DROPPED, settings.clock.millis()));
  }

  /** Trouble that is the provider's, apart from that of the disk. */
  private static final class Provider extends Exception {
    private static final long serialVersionUID = 1L;

    Provider(IOException cause) {
      super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  private interface Asking<T> {
    T ask() throws IOException;
  }

  private interface Doing {
    void act() throws IOException;
  }

  private static void ofProvider(Doing doing) throws Provider {
    ofProvider(
        () -> {
          doing.act();
          return null;
        });
  }

  private static <T> T ofProvider(Asking<T> asking) throws Provider {
    try {
      return asking.ask();
    } catch (IOException e) {
      throw new Provider(e);
    }
  }

  /**
   * Advances until nothing more will happen.
   *
   * @param progress told how far the job is, after each look
   */
  public JobStatus await(Consumer<JobStatus> progress) throws IOException, InterruptedException {
    return await(progress, JobStatus::isOver);
  }

  /** Advances until the whole job is at the provider, or over. */
  public JobStatus awaitSubmitted(Consumer<JobStatus> progress)
      throws IOException, InterruptedException {
    return await(progress, status -> status.state() != State.SUBMITTING);
  }

  private JobStatus await(Consumer<JobStatus> progress, Predicate<JobStatus> reached)
      throws IOException, InterruptedException {
    BackOff backOff = new BackOff(settings.pollMin, settings.pollMax, settings.random);
    JobStatus last = null;
    while (true) {
      JobStatus status = advance();
      progress.accept(status);
      if (reached.test(status)) {
        return status;
      }
      settings.pause.sleep(backOff.next(!status.equals(last)));
      last = status;
    }
  }

  /**
   * Asks the provider to stop; what is answered by then is kept, and paid for. It may take the
   * provider ten minutes: advance until the job is over.
   */
  public synchronized JobStatus cancel() throws IOException {
    save(state.asCancelled());
    return advance();
  }

  /** {@return how far the job is, as of the last step} Asks nobody. */
  public synchronized JobStatus status() {
    boolean[] open = openItems();
    int answered = 0;
    int failed = 0;
    for (Item item : items.items()) {
      if (results.isAnswered(item.same())) {
        answered++;
      } else if (!open[item.same()]) {
        failed++;
      }
    }
    boolean submitting = false;
    boolean running = unreleased() && !state.cancelled();
    for (Part part : state.parts()) {
      submitting |= part.open() && part.stage() != Stage.SUBMITTED;
      running |= part.open();
    }
    State ended = state.cancelled() ? State.CANCELLED : State.DONE;
    State now = submitting ? State.SUBMITTING : running ? State.RUNNING : ended;
    return new JobStatus(
        state.job(),
        now,
        size(),
        answered,
        failed,
        size() - answered - failed,
        state.parts().stream().map(BatchJob::status).toList(),
        trouble.isEmpty() ? Optional.empty() : Optional.of(trouble));
  }

  private static PartStatus status(Part part) {
    return new PartStatus(
        part.number(),
        part.attempt(),
        part.model(),
        part.lines(),
        part.stage().name().toLowerCase(Locale.ROOT),
        part.batchId(),
        part.status(),
        part.completed(),
        part.failed(),
        part.problem());
  }

  /** {@return which items a part is still open for, by index} */
  private boolean[] openItems() {
    if (openMembers == null || openFor != state) {
      openMembers = new boolean[size()];
      openFor = state;
      for (Part part : state.parts()) {
        if (part.open()) {
          members(part).forEach(index -> openMembers[index] = true);
        }
      }
      if (!state.cancelled()) {
        Arrays.fill(openMembers, state.released(), size(), true);
      }
    }
    return openMembers;
  }

  /** {@return the indices of a part's items} Its file never changes. */
  private List<Integer> members(Part part) {
    return membersOf.computeIfAbsent(
        part.number(),
        number -> {
          try {
            return PartPlanner.members(directory, number);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * {@return what became of a request; empty while it is open} Of equal requests, all but the first
   * have the result of the first.
   *
   * @param index place in the job, from 0
   */
  public synchronized Optional<ItemResult> result(int index) throws IOException {
    Item item = items.items().get(index);
    if (!results.isAnswered(item.same()) && openItems()[item.same()]) {
      return Optional.empty();
    }
    Optional<ItemResult> result =
        results
            .read(item.same())
            .or(() -> Optional.of(ItemResult.failed(0, ItemResult.CANCELLED, "Never sent.")));
    return item.isFirst() ? result : result.map(ItemResult::asDuplicate);
  }

  /** {@return what the answers so far cost} Reads all of them. */
  public synchronized JobBill bill() throws IOException {
    long baseline = 0;
    long paid = 0;
    int unpriced = 0;
    Usage billed = Usage.NONE;
    for (Item item : items.items()) {
      if (!results.isAnswered(item.same())) {
        continue;
      }
      ItemResult result = results.read(item.same()).orElseThrow();
      Usage usage = Usage.read(result.body().get("usage")).orElse(Usage.NONE);
      // A deployment's name has no price; the model that answered may.
      Optional<Price> price =
          cost.price(item(item.same()).model())
              .or(() -> cost.price(result.body().path("model").asText("")));
      unpriced += price.isEmpty() ? 1 : 0;
      baseline += price.map(known -> known.nanoDollars(usage)).orElse(0L);
      if (item.isFirst() && result.source() == ItemResult.Source.BATCH) {
        paid += price.map(known -> BatchCost.batch(known, usage)).orElse(0L);
        billed = billed.plus(usage);
      }
    }
    return new JobBill(baseline, paid, billed.input(), billed.output(), unpriced);
  }

  private Item item(int index) {
    return items.items().get(index);
  }

  /** {@return the request of an item, with the body that was sent} */
  ChatRequest request(int index) throws IOException {
    return items.request(item(item(index).same()));
  }

  private void savePart(Part part) throws IOException {
    save(state.with(part));
  }

  private void save(JobState next) throws IOException {
    next.write(directory);
    state = next;
  }

  /** Lets go of the directory; the job itself goes on at the provider. */
  @Override
  public synchronized void close() throws IOException {
    try (lock;
        items) {
      results.close();
    }
  }
}
