package dev.askonce.engine.internal.cache;

import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** What the operator set; validated by the builder. */
public record CacheSettings(
    Path directory,
    Optional<Embedder> embedder,
    int dimension,
    String vectorFingerprint,
    float threshold,
    Duration ttl,
    Duration ttlMax,
    int entriesMax,
    int answerBytesMax,
    int textCharsMax,
    boolean storeTexts,
    int searchBeam,
    Duration embedTimeout,
    Duration readTimeout,
    DecisionPolicy policy,
    InstantSource clock,
    boolean startFresh) {}
