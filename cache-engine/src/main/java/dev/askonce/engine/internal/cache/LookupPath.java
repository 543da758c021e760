package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.internal.base.Failures;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.spi.Embedding;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stages of a lookup in their order, with their clocks: exact tier, embedder, search. */
final class LookupPath {
  private static final Logger LOG = LoggerFactory.getLogger(LookupPath.class);

  private final CacheSettings settings;
  private final Core core;
  private final ReadPath readPath;
  private final Routes routes;

  LookupPath(CacheSettings settings, Core core, ReadPath readPath, Routes routes) {
    this.settings = settings;
    this.core = core;
    this.readPath = readPath;
    this.routes = routes;
  }

  /**
   * Looks up without counting.
   *
   * @param mayCheck whether a hit may be withheld to be compared with an answer that is loaded
   */
  Lookup find(Asked asked, LookupOptions options, boolean mayCheck) {
    if (core.isReplicated() && !core.replication.serves(asked.scope, asked.tenant)) {
      return Lookup.miss(MissReason.JOINING);
    }
    long start = System.nanoTime();
    boolean recovering = core.recovering || core.responses.isRecovering();
    RouteState route = routes.of(options.route());
    RouteState.Strictness strictness = route.strictness(options);
    Decision decision = new Decision(core, route, strictness, asked, mayCheck);
    Lookup lookup = asked.hasText() ? readPath.exact(decision) : null;
    long embedNanos = 0;
    if (lookup == null && strictness.exactOnly()) {
      lookup = Lookup.miss(MissReason.EXACT_ONLY);
    } else if (lookup == null) {
      long embedStart = System.nanoTime();
      boolean embeds = asked.vector == null && asked.unembedded == null;
      embed(asked);
      embedNanos = embeds ? System.nanoTime() - embedStart : 0;
      lookup = asked.vector == null ? Lookup.miss(asked.unembedded) : readPath.semantic(decision);
    }
    record(System.nanoTime() - start - embedNanos, embedNanos);
    boolean told =
        !recovering
            || lookup.isHit()
            || lookup.withheld().isPresent()
            || lookup.missReason().get() == MissReason.REFUSED;
    return told ? lookup : Lookup.miss(MissReason.RECOVERING);
  }

  private void record(long lookupNanos, long embedNanos) {
    SearchContext context = core.contexts.claim();
    if (context != null) {
      context.lookupNanos.recordValue(lookupNanos);
      if (embedNanos > 0) {
        context.embedNanos.recordValue(embedNanos);
      }
      core.contexts.release(context);
    }
  }

  /** {@return whether another question's answer would be served for this one} */
  boolean isNear(Asked asked, LookupOptions options, Asked other) {
    RouteState route = routes.of(options.route());
    RouteState.Strictness strictness = route.strictness(options);
    if (asked.vector == null || other.vector == null || strictness.exactOnly()) {
      return false;
    }
    float cosine = Kernels.cosine(asked.vector, other.vector);
    Decision decision = new Decision(core, route, strictness, asked, false);
    return cosine >= decision.floor()
        && decision.judge(cosine, other.textHash, () -> other.text).served();
  }

  /** Embeds a text that is not yet; what goes wrong is kept as the reason for a miss. */
  void embed(Asked asked) {
    if (asked.vector != null || asked.unembedded != null) {
      return;
    }
    if (settings.embedder().isEmpty()) {
      throw new CacheException.InvalidOption(
          "this cache has no embedder; look up and put by vector, or exactOnly");
    }
    try {
      Embedding embedding =
          settings.embedder().get().embed(asked.text.orElseThrow(), settings.embedTimeout());
      if (embedding.truncated()) {
        asked.unembedded = MissReason.TEXT_TRUNCATED;
      } else {
        requireDimension(embedding.vector());
        asked.vector = Kernels.normalise(embedding.vector());
      }
    } catch (TimeoutException e) {
      asked.unembedded = MissReason.EMBEDDER_TIMEOUT;
    } catch (RuntimeException | Error e) {
      Failures.rethrowIfFatal(e);
      LOG.warn("the embedder failed: {}", e.toString());
      asked.unembedded = MissReason.EMBEDDER_FAILED;
    }
  }

  void requireDimension(float[] vector) {
    if (vector.length != settings.dimension()) {
      throw new CacheException.WrongDimension(vector.length, settings.dimension());
    }
  }
}
