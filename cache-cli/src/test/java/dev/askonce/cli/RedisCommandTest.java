package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.engine.Answer;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.redis.RedisReplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisCommandTest {
  private static final byte[] SECRET = HexFormat.of().parseHex("0123456789abcdef".repeat(4));
  private static LocalRedis server;

  @TempDir Path temp;

  private Path secretFile;

  @BeforeAll
  static void startServer() throws IOException {
    server = new LocalRedis();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  /** Two tenants with an entry each, of a cache that is closed. */
  @BeforeEach
  void fill() throws IOException {
    secretFile = Files.writeString(temp.resolve("secret"), HexFormat.of().formatHex(SECRET) + "\n");
    run("purge", "--yes");
    try (SemanticCache cache =
        SemanticCache.at(temp.resolve("store"))
            .vectors(8, "by hand")
            .replication(
                RedisReplication.at(server.uri())
                    .secret(SECRET)
                    .closeWait(Duration.ofSeconds(20))
                    .build())
            .open()) {
      for (String tenant : List.of("acme", "other")) {
        cache.put(
            Scope.tenant(tenant),
            new float[] {1, 0, 0, 0, 0, 0, 0, 0},
            Answer.text("x"),
            PutOptions.DEFAULTS);
      }
    }
  }

  private static Program run(String command, Object... more) {
    List<Object> args = new ArrayList<>(List.of("redis", command, "--redis", server.uri()));
    args.addAll(List.of(more));
    return Program.run(args.toArray());
  }

  private static JsonNode json(String command, Object... more) throws IOException {
    List<Object> args = new ArrayList<>(List.of(more));
    args.add("--json");
    Program program = run(command, args.toArray());
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  @Test
  void status_json_saysWhatThereIs() throws IOException {
    JsonNode status = json("status");
    assertEquals("askonce", status.get("prefix").asText());
    assertEquals(2, status.get("scopes").asInt());
    assertEquals(2, status.get("keys").get("log").asInt());
    assertTrue(status.get("logs").get("records").asInt() >= 2);
    assertEquals("master", status.get("servers").get(0).get("role").asText());
    assertFalse(status.has("records"));
    JsonNode records = json("status", "--secret-file", secretFile).get("records");
    assertTrue(records.get("opened").asInt() >= 2);
    assertEquals(0, records.get("unsealed").asInt());
    assertEquals(0, json("status", "--prefix", "nobody").get("scopes").asInt());
  }

  @Test
  void status_isForAPerson() {
    Program program = run("status", "--secret-file", secretFile);
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("scopes     2"), program.out());
    assertTrue(program.out().contains("not sealed with this secret"), program.out());
    assertFalse(program.out().contains("0123456789abcdef"), program.out());
  }

  /** A server without a password takes any. */
  @Test
  void password_isPrintedNowhere() {
    String uri = server.uri().replace("://", "://default:hidden@");
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("status", "--json"),
            List.of("status"),
            List.of("rebuild"),
            List.of("purge", "--tenant", "acme", "--yes"))) {
      List<Object> args = new ArrayList<>(List.of("redis"));
      args.addAll(command);
      args.addAll(List.of("--redis", uri, "--secret-file", secretFile));
      Program program = Program.run(args.toArray());
      assertEquals(0, program.status(), program.err());
      for (String hidden : List.of("hidden", "default:", "0123456789abcdef")) {
        assertFalse((program.out() + program.err()).contains(hidden), program.out());
      }
    }
  }

  @Test
  void rebuild_saysWhatItDid() throws IOException {
    JsonNode report = json("rebuild", "--secret-file", secretFile);
    assertEquals(0, report.get("snapshotsBroken").asInt());
    assertTrue(run("rebuild", "--secret-file", secretFile).out().contains("asked to publish"));
    // The calls, which are records as well.
    assertEquals(2, json("status").get("logs").get("controlRecords").asInt());
  }

  @Test
  void purge_ofATenant_leavesTheOther() throws IOException {
    json("purge", "--tenant", "acme", "--secret-file", secretFile, "--yes");
    assertEquals(1, json("status").get("scopes").asInt());
    assertTrue(json("purge", "--yes").get("keysDeleted").asInt() > 0);
    assertEquals(0, json("status").get("scopes").asInt());
  }

  @Test
  void wrongUsage_isOneLineAndStatus2() throws IOException {
    Program.assertRefused("Missing a command", "redis");
    Program.assertRefused("say --yes", "redis", "purge", "--redis", server.uri());
    Program.assertRefused(
        "--tenant needs --secret-file",
        "redis",
        "purge",
        "--tenant",
        "acme",
        "--yes",
        "--redis",
        server.uri());
    Program.assertRefused(
        "rebuild needs --secret-file", "redis", "rebuild", "--redis", server.uri());
    Program.assertRefused("the Redis URI is not", "redis", "status", "--redis", "http://x");
    Path file = Files.writeString(temp.resolve("short"), "hidden");
    Program.assertRefused(
        "64 hexadecimal", "redis", "status", "--redis", server.uri(), "--secret-file", file);
  }

  @Test
  void serverThatIsDown_isOneLineAndStatus2() throws IOException {
    String down = "redis://user:hidden@127.0.0.1:" + LocalRedis.freePort();
    for (List<String> command :
        List.of(
            List.of("redis", "status", "--redis", down),
            List.of("redis", "purge", "--yes", "--redis", down),
            List.of("demo", "--redis", down))) {
      Program.assertRefused("no connection", command.toArray());
      assertFalse(Program.run(command.toArray()).err().contains("hidden"));
    }
    Program.assertRefused("the Redis URI is not", "demo", "--redis", "nowhere");
    Program.assertRefused("need --redis", "demo", "--keep");
    Program.assertRefused("neither --live nor --dir", "demo", "--redis", down, "--dir", temp);
  }

  @Test
  void demo_twoProcessesShare_andNothingIsLeft() throws IOException {
    Program program =
        Program.run("demo", "--redis", server.uri(), "--requests", 400, "--seed", 5, "--json");
    assertEquals(0, program.status(), program.err());
    JsonNode report = JsonOutput.MAPPER.readTree(program.out());
    JsonNode second = report.get("second");
    assertEquals(200, report.get("first").get("requests").asInt());
    assertEquals(0, report.get("first").get("hitsOnOthers").asInt());
    assertTrue(second.get("hitsOnOthers").asInt() > 0, program.out());
    assertTrue(second.get("entriesReceived").asInt() > 0, program.out());
    assertEquals(0, report.get("secondAlone").get("hitsOnOthers").asInt());
    assertEquals(0, second.get("crossTenantHits").asInt());
    assertEquals(
        report.get("secondAlone").get("calls").asInt() - second.get("calls").asInt(),
        report.get("callsSaved").asInt());
    assertTrue(report.get("callsSaved").asInt() > 0, program.out());
    // Of this test's installation, and of nobody else.
    assertEquals(2, json("status").get("scopes").asInt());
    String prefixes = "askonce-demo-";
    assertFalse(server.keys().contains(prefixes), server.keys());
  }
}
