package dev.askonce.engine.internal.cache;

import dev.askonce.engine.*;
import dev.askonce.engine.spi.*;
import java.nio.file.Path;
import java.time.*;
import java.util.*;
import java.util.concurrent.Callable;

public final class LocalSemanticCache implements SemanticCache {
  public record Settings(
      Path directory, Optional<Embedder> embedder, int dimension, String vectorFingerprint,
      float threshold, Duration ttl, Duration ttlMax, int entriesMax, int answerBytesMax,
      int textCharsMax, boolean storeTexts, Duration embedTimeout, Duration readTimeout,
      DecisionPolicy policy, InstantSource clock, boolean startFresh) {}

  public LocalSemanticCache(Settings settings) {}
  @Override public Lookup lookup(Scope scope, String text, LookupOptions options) { throw new UnsupportedOperationException(); }
  @Override public Lookup lookup(Scope scope, float[] vector, LookupOptions options) { throw new UnsupportedOperationException(); }
  @Override public LoadTicket acquire(Scope scope, String text, LookupOptions options) { throw new UnsupportedOperationException(); }
  @Override public Answer getOrLoad(Scope scope, String text, LookupOptions l, PutOptions p, Duration timeout, Callable<Answer> loader) { throw new UnsupportedOperationException(); }
  @Override public Optional<EntryId> put(Scope scope, String text, Answer answer, PutOptions options) { throw new UnsupportedOperationException(); }
  @Override public Optional<EntryId> put(Scope scope, float[] vector, Answer answer, PutOptions options) { throw new UnsupportedOperationException(); }
  @Override public void nearest(Scope scope, float[] vector, float floor, int count, Candidates result) { throw new UnsupportedOperationException(); }
  @Override public boolean invalidate(EntryId id) { throw new UnsupportedOperationException(); }
  @Override public long invalidateTag(String tag) { throw new UnsupportedOperationException(); }
  @Override public long invalidateScope(Scope scope) { throw new UnsupportedOperationException(); }
  @Override public long invalidateTenant(String tenant) { throw new UnsupportedOperationException(); }
  @Override public long invalidateProvenance(String principal) { throw new UnsupportedOperationException(); }
  @Override public CacheStats stats() { throw new UnsupportedOperationException(); }
  @Override public void force() {}
  @Override public void close() {}
}
