package dev.askonce.cli.demo;

import dev.askonce.cli.demo.SupportDesk.Reply;
import dev.askonce.cli.demo.Traffic.Tenant;
import dev.askonce.cli.demo.Traffic.Visit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges every reply. Against the stand-in, a hit is right if it is the very answer of the asked
 * intent and tenant. Against a real model, whose words are not known, a hit is judged by the
 * completion's id: which question it was first given to. A hit on an answer of an earlier process
 * is then not judged.
 */
final class Tally {
  private record Origin(String intent, Tenant tenant) {}

  private final boolean live;
  private final Map<String, Origin> origins = new HashMap<>();
  private final Set<String> sinceRestart = new HashSet<>();
  private boolean restarted;

  long hits;
  long misses;
  long wrongHits;
  long crossTenantHits;
  long hitsAfterRestart;

  Tally(boolean live) {
    this.live = live;
  }

  /** Notes that the cache was closed and opened again. */
  void restarted() {
    restarted = true;
    sinceRestart.clear();
  }

  void add(Visit visit, Reply reply) {
    if (!reply.hit()) {
      misses++;
      origins.put(reply.id(), new Origin(visit.intent().id(), visit.tenant()));
      sinceRestart.add(reply.id());
      return;
    }
    hits++;
    if (restarted && !sinceRestart.contains(reply.id())) {
      hitsAfterRestart++;
    }
    if (isWrong(visit, reply)) {
      wrongHits++;
    }
    if (tenant(reply).map(tenant -> tenant != visit.tenant()).orElse(false)) {
      crossTenantHits++;
    }
  }

  private boolean isWrong(Visit visit, Reply reply) {
    if (!live) {
      return !reply.content().equals(SupportDesk.answerTo(visit));
    }
    Origin origin = origins.get(reply.id());
    return origin != null && !origin.intent().equals(visit.intent().id());
  }

  private Optional<Tenant> tenant(Reply reply) {
    return live
        ? Optional.ofNullable(origins.get(reply.id())).map(Origin::tenant)
        : SupportDesk.signedFor(reply.content());
  }
}
