package dev.askonce.redis.internal.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

/** Addresses that servers give each other, in all ways in which we hear of them. */
class NodeAddressTest {
  private static final HostAndPort ASKED = new HostAndPort("asked", 1);

  private static Optional<Redirection> moved(String to) {
    return Redirection.of(new Reply.Refusal("MOVED 866 " + to), ASKED);
  }

  private static Optional<HostAndPort> primary(String host, String port) {
    return SentinelLocator.primary(
        new Reply.Value(List.of(host.getBytes(UTF_8), port.getBytes(UTF_8))));
  }

  private static SlotTable table(Object host, long port) throws Trouble {
    Object node = List.of(host, port);
    Object known = List.of("known".getBytes(UTF_8), 2L);
    return ClusterLocator.table(
        new Reply.Value(List.of(List.of(0L, 1L, node), List.of(2L, 16383L, known, node))), ASKED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "redis-1.example", "::1", "fe80::1%eth0", "node_1"})
  void hostAndPort_areTaken(String host) throws Trouble {
    HostAndPort address = new HostAndPort(host, 65535);
    assertEquals(Optional.of(new Redirection(false, address)), moved(host + ":65535"));
    assertEquals(Optional.of(address), primary(host, "65535"));
    assertEquals(Optional.of(address), table(host.getBytes(UTF_8), 65535).owner(1));
    assertEquals(new HostAndPort("asked", 7), moved(":7").orElseThrow().to());
  }

  /** The rest of a Cluster is known all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"?", "two words", "line\nbreak", "tab\t", "h\u00f6st"})
  void hostThatIsNone_isNotBelieved(String host) throws Trouble {
    assertThrows(UnsoundReply.class, () -> moved(host.replace(' ', '/') + ":7"));
    assertEquals(Optional.empty(), primary(host, "7"));
    SlotTable table = table(host.getBytes(UTF_8), 7);
    assertEquals(Set.of(new HostAndPort("known", 2)), table.members());
    assertEquals(Optional.of(new HostAndPort("known", 2)), table.owner(1), "who will say it");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 65536, 99999, 4294967297L})
  void portThatIsNone_isNotBelieved(long port) throws Trouble {
    assertThrows(UnsoundReply.class, () -> moved("host:" + port));
    assertEquals(Optional.empty(), primary("host", "" + port));
    assertEquals(
        Set.of(new HostAndPort("known", 2)), table("host".getBytes(UTF_8), port).members());
  }

  @Test
  void replyThatIsNoTable_isTrouble() {
    for (Object reply : List.of(List.of(), List.of(1L), List.of(List.of(0L, 16384L, List.of())))) {
      assertThrows(
          Trouble.class, () -> ClusterLocator.table(new Reply.Value(reply), ASKED), "" + reply);
    }
    assertThrows(Trouble.class, () -> ClusterLocator.table(new Reply.Refusal("ERR x"), ASKED));
  }
}
