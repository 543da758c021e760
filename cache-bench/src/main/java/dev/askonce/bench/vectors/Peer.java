package dev.askonce.bench.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** An engine that can be measured: its name, and how to get one. */
public final class Peer {
  private static final List<Peer> OTHERS =
      List.of(
          new Peer(LuceneEngine.FLOATS, () -> new LuceneEngine(false)),
          new Peer(LuceneEngine.BYTES, () -> new LuceneEngine(true)),
          new Peer(JVectorEngine.NAME, JVectorEngine::new),
          new Peer(HnswlibEngine.NAME, HnswlibEngine::new),
          new Peer(NativeHnswlibEngine.NAME, NativeHnswlibEngine::new));

  private final String label;
  private final Callable<Engine> opening;

  Peer(String label, Callable<Engine> opening) {
    this.label = label;
    this.opening = opening;
  }

  String label() {
    return label;
  }

  Engine open() throws Exception {
    return opening.call();
  }

  /** {@return the names of all peers} */
  public static List<String> names() {
    return OTHERS.stream().map(Peer::label).toList();
  }

  /**
   * {@return ours and the named peers; {@code hnswlib} brings its C++ original, where that can be
   * compiled}
   *
   * @throws IllegalArgumentException if a name is none of {@link #names}
   */
  public static List<Peer> named(List<String> names) {
    List<String> wanted = new ArrayList<>(names);
    if (names.contains(HnswlibEngine.NAME) && !names.contains(NativeHnswlibEngine.NAME)) {
      wanted.add(NativeHnswlibEngine.NAME);
    }
    List<Peer> peers = new ArrayList<>();
    peers.add(new Peer(AskOnceEngine.NAME, () -> new AskOnceEngine()));
    wanted.forEach(name -> peers.add(named(name)));
    return peers;
  }

  private static Peer named(String name) {
    return OTHERS.stream()
        .filter(peer -> peer.label.equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no peer " + name + "; there are " + names()));
  }
}
