package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.index.IndexSpace;
import dev.askonce.engine.internal.index.SearchScratch;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.SlotRecord;
import org.HdrHistogram.SingleWriterRecorder;

/** All that one lookup or put writes to. Held by one thread at a time, see {@link ContextPool}. */
final class SearchContext {
  private static final int DIGITS = 3;

  final int index;
  final SlotRecord record;
  final SearchScratch scratch;
  final SingleWriterRecorder lookupNanos = new SingleWriterRecorder(DIGITS);
  final SingleWriterRecorder embedNanos = new SingleWriterRecorder(DIGITS);
  final SingleWriterRecorder putNanos = new SingleWriterRecorder(DIGITS);

  SearchContext(int index, EntryTable table, IndexSpace space) {
    this.index = index;
    record = new SlotRecord(table);
    scratch = new SearchScratch(space);
  }
}
