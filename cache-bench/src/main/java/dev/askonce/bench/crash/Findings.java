package dev.askonce.bench.crash;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what a process found out about its store, and tells what is wrong. Thread-safe. */
final class Findings {
  private final Consumer<String> sink;
  final LongAdder lookups = new LongAdder();
  final LongAdder hits = new LongAdder();
  final LongAdder kept = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder wrong = new LongAdder();

  /** Those of the acknowledged ones that are not there, evicted ones included. */
  final LongAdder missing = new LongAdder();

  final LongAdder dropped = new LongAdder();

  Findings(Consumer<String> sink) {
    this.sink = sink;
  }

  void dropped() {
    dropped.increment();
  }

  void tell(String what) {
    sink.accept(what);
  }

  void wrong(String what) {
    wrong.increment();
    sink.accept(Report.WRONG + " " + what);
  }

  void lost(String what) {
    lost.increment();
    sink.accept(Report.LOST + " " + what);
  }
}
