package dev.askonce.engine.internal.index;

import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Header and tables of {@code graph.snap}: what is taken has the numbers of the file, and each of
 * them names something that there is.
 */
public final class GraphTablesTarget implements Target {
  private final SmallSpace space = new SmallSpace();

  public GraphTablesTarget() throws IOException {}

  @Override
  public void run(byte[] bytes) throws IOException {
    SnapshotBytes file = SnapshotBytes.of(new Input(bytes), space.space);
    GraphSnapshot.Content content = GraphSnapshot.read(file.length(), file, space.space);
    if (content != null) {
      requireSame(content, file);
      requireSound(content.tables());
    }
  }

  private static void requireSame(GraphSnapshot.Content content, SnapshotBytes file) {
    GraphSnapshot.Tables tables = content.tables();
    ByteBuffer in = file.tables();
    for (long checksum : tables.blockChecksums()) {
      Target.require(checksum == in.getLong(), "checksum of blocks");
    }
    for (GraphSnapshot.Graph graph : tables.graphs()) {
      Target.require(
          graph.scope().high() == in.getLong()
              && graph.scope().low() == in.getLong()
              && graph.deadNodes() == in.getInt()
              && graph.pivots().length == in.getInt(),
          "graph");
    }
    for (GraphSnapshot.Graph graph : tables.graphs()) {
      requireNext(in, graph.pivots());
    }
    requireNext(in, tables.nodeGraphs());
    requireNext(in, tables.slotNodes());
    requireNext(in, tables.slotNexts());
    requireNext(in, tables.generations());
    Target.require(!in.hasRemaining(), "tables longer than what is in them");
  }

  private static void requireNext(ByteBuffer in, int[] values) {
    for (int value : values) {
      Target.require(value == in.getInt(), "another number");
    }
  }

  private static void requireSound(GraphSnapshot.Tables tables) {
    int nodes = tables.nodeGraphs().length;
    for (int graph : tables.nodeGraphs()) {
      Target.require(graph >= -1 && graph < tables.graphs().length, "graph of a node");
    }
    for (int i = 0; i < tables.graphs().length; i++) {
      for (int pivot : tables.graphs()[i].pivots()) {
        Target.require(pivot >= 0 && pivot < nodes, "pivot that is no node");
        Target.require(tables.nodeGraphs()[pivot] == i, "pivot of another graph");
      }
    }
    for (int slot = 0; slot < tables.slotNodes().length; slot++) {
      int node = tables.slotNodes()[slot];
      Target.require(node == -1 || tables.nodeGraphs()[node] >= 0, "node of a slot");
      int next = slot;
      for (int i = 0; node != -1 && next != -1; i++) {
        Target.require(i < 64, "a chain without end");
        next = tables.slotNexts()[next];
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    return SnapshotBytes.seeds();
  }
}
