package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.Encoder;
import dev.askonce.engine.internal.kernel.QueryPlanes;

/**
 * Everything a search writes to, so that it allocates nothing. Not thread-safe; one a search
 * context.
 */
public final class SearchScratch {
  /** Standard errors by which an estimate may fall short of what is wanted. */
  private static final float ERRORS = 4;

  private final float[] query;
  private final TopCandidates top = new TopCandidates();
  private final Encoder encoder;
  private boolean prepared;
  private int searches;
  private LinkScratch linkScratch;

  final QueryPlanes planes;
  final Frontier frontier = new Frontier();
  final VisitOrder order = new VisitOrder();
  final float[] estimates = new float[CodeGroup.LANES];
  final int[] links = new int[CodeGroup.LANES];
  final float[] dots = new float[4];
  final BestPlaces nearestGroups = new BestPlaces(PivotGroups.SCANNED);
  final BestPlaces entries = new BestPlaces(Pivots.ENTRIES);

  /** Keeps reads alive that only warm the cache. */
  int sink;

  public SearchScratch(IndexSpace space) {
    query = new float[space.table.dimension()];
    planes = new QueryPlanes(query.length);
    encoder = new Encoder(space.rotation, space.kernel);
  }

  /** {@return where the caller writes the query, a unit vector, before a search} */
  public float[] query() {
    return query;
  }

  /** {@return where a search leaves what it found} */
  public TopCandidates top() {
    return top;
  }

  /** {@return whether the search that begins now is to run in full and be observed} */
  boolean nextIsShadow() {
    return ++searches % StopCalibration.SHADOW_EVERY == 0;
  }

  void begin() {
    prepared = false;
  }

  /** Makes the planes of the query unless this search has them. */
  void prepare() {
    if (!prepared) {
      encoder.prepare(query, planes);
      prepared = true;
    }
  }

  /** {@return the least estimate of what may reach a cosine; after {@link #prepare}} */
  float cut(float cosine) {
    return cosine - ERRORS * planes.error(cosine);
  }

  /** {@return what linking needs beside a search, made when first asked for} */
  LinkScratch link() {
    if (linkScratch == null) {
      linkScratch = new LinkScratch(query.length);
    }
    return linkScratch;
  }

  Encoder encoder() {
    return encoder;
  }
}
