package dev.askonce.engine.internal.index;

import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Blocks of a snapshot that were not looked at yet, and may hold anything: searches and removals
 * among them end, stay inside, and find nothing but entries, with their own cosines.
 */
public final class GraphWalkTarget implements Target {
  private static final int NODES = SmallSpace.SLOTS - 1;
  private static final int HEADER = 4096;

  /** Bytes of a block that an input has: its numbers, links and the codes of a few. */
  private static final int BLOCK_HEAD = 24;

  private static final int LINKS_AT = 64;
  private static final int LINKS = 16;
  private static final long NOW = 0;

  private final SmallSpace small = new SmallSpace();
  private final Path file = MemoryFolder.create("askonce-fuzz-").path().resolve("graph.snap");
  private final FileChannel channel;
  private final SlotRecord record = new SlotRecord(small.table);
  private final ByteBuffer blocks;
  private final int stride;

  public GraphWalkTarget() throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    stride = small.space.blocks.stride();
    blocks = ByteBuffer.allocate(NODES * stride).order(ByteOrder.LITTLE_ENDIAN);
    SnapshotBytes sound =
        SnapshotBytes.of(new Input(SnapshotBytes.seeds().getFirst()), small.space);
    channel.write(ByteBuffer.wrap(sound.head()), 0);
    channel.write(sound.tables(), HEADER);
    channel.write(ByteBuffer.allocate(1), sound.length() - 1);
  }

  /* An input: which slots leave and when, then block after block: its numbers, its links, a byte
   * that all of its codes are made of. */

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    int leaving = input.nextInt();
    int query = input.next(SmallSpace.SLOTS);
    for (int node = 0; node < NODES; node++) {
      int at = node * stride;
      blocks.put(at, input.take(BLOCK_HEAD));
      for (int lane = 0; lane < LINKS; lane++) {
        int link = input.next();
        // Most lead to a node, some far away.
        blocks.putInt(at + LINKS_AT + lane * Integer.BYTES, link < 240 ? link : link << 24 | link);
      }
      byte code = (byte) input.next();
      for (int i = at + LINKS_AT + 128; i < at + stride; i++) {
        blocks.put(i, (byte) (code * i));
      }
    }
    channel.write(blocks.rewind(), 2 * HEADER);
    search(query, leaving);
  }

  private void search(int query, int leaving) throws IOException {
    Epochs epochs = new Epochs(1);
    try (IndexSpace space = small.newSpace()) {
      LoadedGraphs graphs = space.load(GraphSnapshot.open(file, space), epochs);
      SearchScratch scratch = new SearchScratch(space);
      System.arraycopy(small.vectors[query], 0, scratch.query(), 0, scratch.query().length);
      searchAll(graphs, scratch);
      for (int slot = 0; slot < SmallSpace.SLOTS; slot++) {
        if ((leaving >>> slot & 1) != 0) {
          graphs.detach(slot);
        } else {
          record.load(slot);
          graphs.attach(record, slot);
        }
      }
      searchAll(graphs, scratch);
      for (int slot = 0; slot < SmallSpace.SLOTS; slot++) {
        if ((leaving >>> slot + 16 & 1) != 0) {
          for (ScopeIndex index : graphs.indexes()) {
            if (index.scope().equals(SmallSpace.scope(slot)) && graphs.has(slot)) {
              index.remove(slot);
            }
          }
        }
      }
      searchAll(graphs, scratch);
    }
  }

  private void searchAll(LoadedGraphs graphs, SearchScratch scratch) {
    for (ScopeIndex index : graphs.indexes()) {
      for (float floor : new float[] {-1, 0.9f}) {
        TopCandidates top = scratch.top();
        top.reset(4, floor);
        index.search(NOW, scratch);
        for (int i = 0; i < top.count(); i++) {
          int slot = top.slot(i);
          Target.require(slot >= 0 && slot < SmallSpace.SLOTS, "a slot that there is not");
          Target.require(SmallSpace.scope(slot).equals(index.scope()), "of another scope");
          float cosine = cosine(scratch.query(), small.vectors[slot]);
          Target.require(Math.abs(cosine - top.cosine(i)) < 1e-4, "another cosine");
        }
      }
    }
  }

  private static float cosine(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Override
  public List<byte[]> seeds() {
    ByteBuffer seed = ByteBuffer.allocate(5 + NODES * (BLOCK_HEAD + LINKS + 1));
    seed.order(ByteOrder.LITTLE_ENDIAN).putInt(0x00120034).put((byte) 3);
    for (int node = 0; node < NODES; node++) {
      seed.putInt(node).putInt(4).putInt(4).putInt(0).putInt(1).putInt(0);
      for (int lane = 0; lane < LINKS; lane++) {
        seed.put((byte) ((node + 2 * lane + 2) % NODES));
      }
      seed.put((byte) (node * 37));
    }
    return List.of(seed.array());
  }
}
