package dev.askonce.bench.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Lucene's graph, in one segment of mapped files, with full vectors or with 8-bit codes. It is
 * asked through its leaf reader, below queries and their rewriting, which is the shortest way in.
 */
final class LuceneEngine implements Engine {
  static final String FLOATS = "lucene";
  static final String BYTES = "lucene8";

  private static final String VECTOR = "vector";
  private static final String ENTRY = "entry";

  /** The most that Lucene lets a thread hold before it writes a segment. */
  private static final int SEGMENT_MEGABYTES = 2047;

  /** Kept, since the logging system forgets loggers that nobody holds. */
  private static final Logger LOG = Logger.getLogger("org.apache.lucene");

  private final boolean quantised;
  private final TemporaryFolder folder;
  private final MMapDirectory directory;
  private Data data;
  private DirectoryReader reader;
  private LeafReader leaf;
  private int[] entryOfDocument;

  LuceneEngine(boolean quantised) throws IOException {
    LOG.setLevel(Level.WARNING);
    this.quantised = quantised;
    folder = TemporaryFolder.create();
    directory = new MMapDirectory(folder.path());
  }

  @Override
  public String name() {
    return quantised ? BYTES : FLOATS;
  }

  @Override
  public void prepare(Data data) {
    this.data = data;
  }

  @Override
  public void build(BuildPace pace) throws Exception {
    try (ExecutorService mergers = Executors.newFixedThreadPool(pace.threads());
        IndexWriter writer = new IndexWriter(directory, configuration(pace.threads(), mergers))) {
      Workers.forEach(
          pace.threads(),
          data.base().count(),
          i -> {
            writer.addDocument(document(i));
            pace.added();
          });
      writer.forceMerge(1);
      writer.commit();
    }
    reader = DirectoryReader.open(directory);
    leaf = reader.leaves().getFirst().reader();
    entryOfDocument = new int[leaf.maxDoc()];
    NumericDocValues entries = leaf.getNumericDocValues(ENTRY);
    for (int i = 0; i < entryOfDocument.length; i++) {
      entries.advance(i);
      entryOfDocument[i] = (int) entries.longValue();
    }
  }

  private Document document(int entry) {
    Document document = new Document();
    document.add(
        new KnnFloatVectorField(
            VECTOR, data.base().row(entry), VectorSimilarityFunction.DOT_PRODUCT));
    document.add(new NumericDocValuesField(ENTRY, entry));
    return document;
  }

  private IndexWriterConfig configuration(int threads, ExecutorService mergers) {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(new OneFormat(vectorsFormat(threads, threads == 1 ? null : mergers)));
    config.setRAMPerThreadHardLimitMB(SEGMENT_MEGABYTES);
    config.setRAMBufferSizeMB((double) SEGMENT_MEGABYTES * threads);
    config.setUseCompoundFile(false);
    return config;
  }

  private KnnVectorsFormat vectorsFormat(int threads, ExecutorService mergers) {
    return quantised
        ? new Lucene104HnswScalarQuantizedVectorsFormat(
            ScalarEncoding.UNSIGNED_BYTE, LINKS, BUILD_BEAM, threads, mergers)
        : new Lucene99HnswVectorsFormat(LINKS, BUILD_BEAM, threads, mergers);
  }

  @Override
  public long bytes() {
    return folder.bytes((Path file) -> true);
  }

  @Override
  public Asking asking(Mode mode, float tau, Setting setting) {
    return new SearcherLoop(
        data,
        mode.k,
        () -> new LuceneSearcher(data, leaf, VECTOR, entryOfDocument, setting.beam(), quantised));
  }

  @Override
  public void close() {
    try {
      if (reader != null) {
        reader.close();
      }
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    folder.close();
  }

  private static final class OneFormat extends Lucene104Codec {
    private final KnnVectorsFormat format;

    OneFormat(KnnVectorsFormat format) {
      this.format = format;
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
      return format;
    }
  }
}
