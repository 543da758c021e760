package dev.askonce.bench.vectors;

/** The measurements of one engine in one mode at one setting. Not thread-safe. */
final class Series {
  private final Built built;
  private final Setting setting;
  private final Mode mode;
  private final Asking asking;
  private Asking.Speed speed = Asking.Speed.NONE;
  private Answers answers;

  Series(Built built, Mode mode, float tau, Setting setting) {
    this.built = built;
    this.mode = mode;
    this.setting = setting;
    asking = built.engine().asking(mode, tau, setting);
  }

  /**
   * An engine that is ready.
   *
   * @param seconds its build took
   * @param bytes it takes
   */
  record Built(Engine engine, double seconds, long bytes) {}

  Built built() {
    return built;
  }

  Mode mode() {
    return mode;
  }

  int beam() {
    return setting.beam();
  }

  @Override
  public String toString() {
    return "%s, %s, %s".formatted(built.engine().name(), mode.label, setting.label());
  }

  /** Searches for a time that does not count. */
  void warmUp(long nanos, int threads) throws Exception {
    asking.run(0, nanos, threads);
  }

  /** Searches for a time, from where it stopped. */
  void run(long nanos, int threads, int queryCount) throws Exception {
    speed = speed.plus(asking.run((int) (speed.searches() % queryCount), nanos, threads));
  }

  /** Asks every query once. */
  void ask() throws Exception {
    answers = asking.each();
  }

  /** {@return the row, once all is measured, as one of {@code shown}} */
  Row row(Mode shown, float tau, Data data, Truth truth) {
    Recalls<Share> recalls = Recalls.of(shown, tau, truth, answers);
    Recalls<Double> values = recalls.map(Share::value);
    Latencies latencies = Latencies.of(tau, truth, answers);
    int n = data.base().count();
    return new Row(
        built.engine().name(),
        setting.label(),
        shown.label,
        n,
        data.base().dimension(),
        shown.k,
        speed.threads(),
        built.seconds(),
        n / built.seconds(),
        values.recallAt1(),
        values.decisionRecall(),
        values.top4Over80(),
        recalls.map(Share::eligible),
        recalls.map(Share::interval),
        speed.perSecond(),
        latencies.hitMicros(),
        latencies.missMicros(),
        latencies.missMicrosByBest(),
        (double) built.bytes() / n);
  }
}
