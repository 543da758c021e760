package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FsckCommandTest {
  private static final int ENTRIES = 40;

  @TempDir Path temp;

  private Path store;
  private EntryId last;

  @BeforeEach
  void fill() {
    store = temp.resolve("store");
    Random random = new Random(3);
    try (SemanticCache cache = open()) {
      for (int i = 0; i < ENTRIES; i++) {
        float[] vector = new float[16];
        for (int j = 0; j < vector.length; j++) {
          vector[j] = (float) random.nextGaussian();
        }
        Answer answer = Answer.text("answer " + i);
        last = cache.put(Scope.tenant("acme"), vector, answer, PutOptions.DEFAULTS).orElseThrow();
      }
    }
  }

  private SemanticCache open() {
    return SemanticCache.at(store).vectors(16, "test").entriesMax(64).open();
  }

  private void flip(String file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(store.resolve(file));
    bytes[at] ^= 0x10;
    Files.write(store.resolve(file), bytes);
  }

  @Test
  void orderlyStore_isClean() throws JsonProcessingException {
    Program program = Program.run("fsck", store, "--json");
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    assertEquals(0, program.status());
    assertEquals("clean", report.get("condition").asText());
    assertEquals(ENTRIES, report.get("entries").asInt());
    assertTrue(report.get("findings").isEmpty());
  }

  @Test
  void everyByteOfASlotFile_isGuarded() throws IOException {
    long length = Files.size(store.resolve("slots-00000.dat"));
    for (int at = 0; at < length; at += 97) {
      flip("slots-00000.dat", at);
      Program program = Program.run("fsck", store);
      assertEquals(1, program.status(), "byte " + at);
      assertTrue(program.out().contains("slot " + at / 120 + ","), program.out());
      flip("slots-00000.dat", at);
    }
    assertEquals(0, Program.run("fsck", store).status());
  }

  @Test
  void flippedByteOfARecord_namesTheEntry() throws IOException {
    try (SemanticCache cache = open()) {
      assertEquals(ENTRIES, cache.stats().entries());
    }
    byte[] slots = Files.readAllBytes(store.resolve("slots-00000.dat"));
    int at = 0;
    while (ByteBuffer.wrap(slots, at + 16, 8).order(ByteOrder.LITTLE_ENDIAN).getLong()
        != last.sequence()) {
      at += 120;
    }
    flip("slots-00000.dat", at + 75);
    Program program = Program.run("fsck", store, "--json");
    JsonNode finding = JsonOutput.MAPPER.readTree(program.out()).get("findings").get(0);
    assertEquals(1, program.status());
    assertEquals(last.toString(), finding.get("entry").asText());
    assertEquals("slots-00000.dat", finding.get("file").asText());
  }

  @Test
  void flippedByteOfAVector_isFound() throws IOException {
    flip("vectors-00000.dat", 5);
    Program program = Program.run("fsck", store);
    assertEquals(1, program.status());
    assertTrue(program.out().contains("the vector does not verify"), program.out());
  }

  @Test
  void flippedByteOfASuperblock_isFound() throws IOException {
    flip("SUPER", 4096 + 44);
    Program program = Program.run("fsck", store);
    assertEquals(1, program.status());
    assertTrue(program.out().contains("SUPER: 1 of 2 copies"), program.out());
  }

  @Test
  void truncatedFile_isFound() throws IOException {
    Path vectors = store.resolve("vectors-00000.dat");
    Files.write(vectors, Arrays.copyOf(Files.readAllBytes(vectors), 100));
    assertEquals(1, Program.run("fsck", store).status());
    assertEquals(100, Files.size(vectors), "fsck changes nothing");
  }

  @Test
  void missingShardAmongOthers_isFoundAndNotMade() throws IOException {
    for (String kind : new String[] {"answers", "prompts"}) {
      Files.copy(store.resolve(kind + "-00000.cm"), store.resolve(kind + "-00002.cm"));
    }
    Program program = Program.run("fsck", store);
    assertEquals(1, program.status());
    assertTrue(program.out().contains("answers-00001.cm: missing"), program.out());
    assertFalse(Files.exists(store.resolve("answers-00001.cm")), "fsck changes nothing");
  }

  @Test
  void missingFile_isFound() throws IOException {
    for (String name : new String[] {"slots-00000.dat", "vectors-00000.dat", "SECRET"}) {
      Path moved = Files.move(store.resolve(name), temp.resolve(name));
      Program program = Program.run("fsck", store);
      assertEquals(1, program.status(), name);
      assertTrue(program.out().contains(name + ": missing"), program.out());
      Files.move(moved, store.resolve(name));
    }
  }

  @Test
  void openStore_isLeftAlone() {
    try (SemanticCache cache = open()) {
      Program program = Program.run("fsck", store);
      assertEquals(2, program.status());
      assertTrue(program.err().contains("another cache"), program.err());
      assertEquals(ENTRIES, cache.stats().entries());
    }
  }
}
