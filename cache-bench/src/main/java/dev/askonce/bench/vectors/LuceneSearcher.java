package dev.askonce.bench.vectors;

import java.io.IOException;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;

/**
 * Collects a beam of documents; of one with codes, the first few are ordered anew by their exact
 * cosines.
 */
final class LuceneSearcher implements Searcher {
  /** Hits by code that are looked at again, for each that is asked for. */
  private static final int REORDERED_PER_HIT = 4;

  private final Data data;
  private final LeafReader leaf;
  private final String field;
  private final int[] entryOfDocument;
  private final int beam;
  private final boolean quantised;
  private final AcceptDocs all;

  LuceneSearcher(
      Data data,
      LeafReader leaf,
      String field,
      int[] entryOfDocument,
      int beam,
      boolean quantised) {
    this.data = data;
    this.leaf = leaf;
    this.field = field;
    this.entryOfDocument = entryOfDocument;
    this.beam = beam;
    this.quantised = quantised;
    all = AcceptDocs.fromLiveDocs(null, leaf.maxDoc());
  }

  @Override
  public int search(int query, int[] found) throws IOException {
    TopKnnCollector collector = new TopKnnCollector(beam, Integer.MAX_VALUE);
    leaf.searchNearestVectors(field, data.queries()[query], collector, all);
    ScoreDoc[] hits = collector.topDocs().scoreDocs;
    int count = Math.min(hits.length, found.length);
    if (quantised) {
      reorder(query, hits, Math.min(hits.length, REORDERED_PER_HIT * found.length));
    }
    for (int i = 0; i < count; i++) {
      found[i] = entryOfDocument[hits[i].doc];
    }
    return count;
  }

  private void reorder(int query, ScoreDoc[] hits, int count) {
    for (int i = 0; i < count; i++) {
      ScoreDoc hit = hits[i];
      hit.score = data.cosine(query, entryOfDocument[hit.doc]);
      int at = i;
      for (; at > 0 && hits[at - 1].score < hit.score; at--) {
        hits[at] = hits[at - 1];
      }
      hits[at] = hit;
    }
  }
}
