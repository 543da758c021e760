package dev.askonce.redis;

import dev.askonce.redis.rig.Fleet;
import dev.askonce.redis.rig.RedisProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One server for all tests of a class, empty before each, and caches that share through it. */
abstract class FleetFixture {
  static RedisProcess server;

  @TempDir Path directory;

  Fleet fleet;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void openFleet() {
    server.flush();
    fleet = new Fleet(server.uri(), directory);
    fleet.settings = Fleet::quick;
  }

  @AfterEach
  void closeFleet() {
    fleet.close();
  }
}
