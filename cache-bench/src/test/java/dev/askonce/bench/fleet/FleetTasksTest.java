package dev.askonce.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.RedisReplication;
import dev.askonce.redis.rig.RedisProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks of two processes, in one. */
class FleetTasksTest {
  @TempDir Path directory;

  private final RedisProcess server = new RedisProcess();
  private Cache a;
  private Cache b;

  @BeforeEach
  void open() {
    a = new Cache("a");
    b = new Cache("b");
  }

  @AfterEach
  void close() {
    a.cache.close();
    b.cache.close();
    server.close();
  }

  private final class Cache {
    final RedisReplication replication =
        RedisReplication.at(server.uri()).secret(new byte[32]).build();
    final SemanticCache cache;
    final FleetTasks tasks;

    Cache(String name) {
      cache =
          SemanticCache.at(directory.resolve(name))
              .embedder(new Questions())
              .threshold(Questions.THRESHOLD)
              .replication(replication)
              .open();
      tasks = new FleetTasks(cache, replication);
    }

    String[] run(String task) throws InterruptedException {
      return tasks.run(task.split(" ")).split(" ");
    }

    long number(String task) throws InterruptedException {
      return Long.parseLong(run(task)[0]);
    }
  }

  @Test
  void whatOnePuts_isAwaitedAndFoundByTheOther() throws InterruptedException {
    b.run("begin puts 2");
    String[] put = a.run("put puts 2 0 100");
    assertTrue(Long.parseLong(put[0]) < Long.parseLong(put[1]));
    long arrived = b.number("await 100");
    assertTrue(Long.parseLong(put[0]) < arrived && arrived <= System.nanoTime());
    a.run("published");
    assertEquals(0, b.number("unfound puts 2 100"));
    assertTrue(b.number("unfound puts 2 200") > 0, "of keys that nobody put");
    assertTrue(Double.parseDouble(b.run("lookups puts 1 exact 1")[0]) > 0);
    assertTrue(Double.parseDouble(b.run("lookups puts 1 vector 1")[0]) > 0);
    assertEquals(100, b.number("entries"));
    assertEquals(0, b.number("unlinked"), "a list waits for no graph");
    assertEquals(2, b.run("lag").length);
  }

  @Test
  void whatBothAsk_isLoadedOnce() throws InterruptedException {
    a.run("begin calls 1");
    b.run("begin calls 1");
    long calls = a.number("ask calls 20 4");
    String[] late = b.run("ask calls 20 4");
    assertEquals(20, calls + Long.parseLong(late[0]));
    assertEquals("0", late[1], "wrong");
    assertEquals("0", late[2], "uncoordinated");
  }

  @Test
  void whatIsPaced_isWatched() throws InterruptedException {
    b.run("begin paced 1");
    Thread.ofVirtual().start(() -> a.tasks.paced("paced", 10, 1_000_000));
    String[] nanos = b.run("watch paced 10");
    long longest = Long.parseLong(nanos[2]);
    assertTrue(Long.parseLong(nanos[0]) > 0 && Long.parseLong(nanos[1]) <= longest);
  }

  @Test
  void unknownTask_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> a.run("sing"));
  }
}
