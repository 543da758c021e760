package dev.askonce.optimizer.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixLayoutTest {
  private static final String STABLE = "You answer questions about orders and returns. ".repeat(10);

  private static List<PrefixLayout.Kind> kinds(String system) {
    ChatRequest request =
        Wire.request(
            "{'messages':[{'role':'system','content':'"
                + system
                + "'},{'role':'user','content':'It is 2025-11-03T10:00 now. "
                + STABLE
                + "'}]}");
    return PrefixLayout.findings(request).stream().map(PrefixLayout.Finding::kind).toList();
  }

  @Test
  void whatChangesBeforeWhatDoesNot_isFound() {
    assertEquals(List.of(PrefixLayout.Kind.TIME), kinds("Now: 2025-11-03T10:12:13Z. " + STABLE));
    assertEquals(List.of(PrefixLayout.Kind.DATE), kinds("Today is November 3, 2025. " + STABLE));
    assertEquals(
        List.of(PrefixLayout.Kind.ID),
        kinds("Case 123e4567-e89b-12d3-a456-426614174000. " + STABLE));
    assertEquals(List.of(PrefixLayout.Kind.ID), kinds("session_id=77 " + STABLE));
    assertEquals(List.of(PrefixLayout.Kind.EPOCH), kinds("1762164733 " + STABLE));
    assertEquals(List.of(PrefixLayout.Kind.MARKED), kinds("<volatile>x</volatile>" + STABLE));
  }

  @Test
  void whatStandsBehind_orChangesNothing_isNotFound() {
    assertEquals(List.of(), kinds(STABLE));
    assertEquals(List.of(), kinds(STABLE + "Now: 2025-11-03T10:12:13Z."));
    assertEquals(List.of(), kinds("We are open 9:00-17:00 and have 1600 branches. " + STABLE));
  }

  @Test
  void markedSections_moveToTheEndInTheirOrder() {
    assertEquals(
        "Rules.\nMore rules.\nTime: 10:00\nUser: 7",
        PrefixLayout.volatileLast(
            "<volatile>\n"
                + "Time: 10:00\n"
                + "</volatile>\n"
                + "Rules.\n"
                + "<volatile>User: 7</volatile>\n"
                + "More rules."));
  }

  @Test
  void textWithoutMarks_orWithAnOpenOne_staysAsItIs() {
    String plain = "Rules.";
    assertSame(plain, PrefixLayout.volatileLast(plain));
    String open = "<volatile>x</volatile>y<volatile>z";
    assertSame(open, PrefixLayout.volatileLast(open));
  }
}
