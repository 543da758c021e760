package dev.askonce.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.cli.demo.KnowledgeBase.Intent;
import dev.askonce.cli.demo.Traffic.Tenant;
import dev.askonce.cli.demo.Traffic.Visit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final int REQUESTS = 3000;

  private final KnowledgeBase base = KnowledgeBase.load();

  private List<Visit> visits(long seed) {
    Traffic traffic = new Traffic(base, REQUESTS, seed);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      visits.add(traffic.next());
    }
    return visits;
  }

  @Test
  void sameSeed_givesTheSameVisits() {
    assertEquals(visits(7), visits(7));
    assertNotEquals(visits(7), visits(8));
  }

  @Test
  void visits_areOfTheKnowledgeBase() {
    for (Visit visit : visits(1)) {
      assertEquals(visit.intent(), base.of(visit.text()));
    }
  }

  @Test
  void popularity_isUneven() {
    Map<Intent, Integer> counts = new HashMap<>();
    visits(1).forEach(visit -> counts.merge(visit.intent(), 1, Integer::sum));
    List<Integer> sorted = counts.values().stream().sorted().toList();
    int busiest = sorted.getLast();
    int median = sorted.get(sorted.size() / 2);
    assertTrue(busiest > 20 * median, "busiest " + busiest + ", median " + median);
  }

  @Test
  void newQuestions_arriveOverTime() {
    Map<Intent, Integer> first = new HashMap<>();
    List<Visit> visits = visits(1);
    for (int i = 0; i < visits.size(); i++) {
      first.putIfAbsent(visits.get(i).intent(), i);
    }
    long late = first.values().stream().filter(i -> i > REQUESTS / 2).count();
    assertTrue(late > 20, "asked first in the second half: " + late);
  }

  @Test
  void tenants_haveTheirShares() {
    Map<Tenant, Integer> counts = new EnumMap<>(Tenant.class);
    visits(1).forEach(visit -> counts.merge(visit.tenant(), 1, Integer::sum));
    assertEquals(0.5, counts.get(Tenant.BLUEBIRD) / (double) REQUESTS, 0.05);
    assertEquals(0.3, counts.get(Tenant.COPPER_KETTLE) / (double) REQUESTS, 0.05);
    assertEquals(0.2, counts.get(Tenant.TALL_PINE) / (double) REQUESTS, 0.05);
  }
}
