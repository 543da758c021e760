package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import java.util.HashMap;
import java.util.Map;

/** Checks that records, exact table, indexes and counts agree; nobody changes them meanwhile. */
final class CacheCheck {
  private CacheCheck() {}

  /**
   * @throws IllegalStateException saying what is wrong
   */
  static void check(Core core, WritePath writePath) {
    SlotRecord record = new SlotRecord(core.table);
    SlotRecord other = new SlotRecord(core.table);
    Map<Hash128, Integer> byScope = new HashMap<>();
    Map<Hash128, Integer> vectorless = new HashMap<>();
    Map<Long, Integer> byTenant = new HashMap<>();
    int live = 0;
    int texts = 0;
    long bytes = 0;
    for (int slot = 0; slot < core.table.capacity(); slot++) {
      record.copy(slot);
      int state = SlotRecord.state(record.commit());
      require(state != SlotRecord.WRITING, "slot " + slot + " is being written");
      require(state == SlotRecord.FREE || record.verifies(), "slot " + slot + " does not verify");
      if (state != SlotRecord.LIVE) {
        continue;
      }
      live++;
      byTenant.merge(record.tenant(), 1, Integer::sum);
      bytes += record.heldBytes(record.hasVector());
      if (record.hasText()) {
        texts++;
        require(core.exact.find(record.text(), other) == slot, "text of " + slot + " not found");
      }
      if (record.hasVector()) {
        require(record.vectorVerifies(), "vector of slot " + slot + " does not verify");
        byScope.merge(record.scope(), 1, Integer::sum);
      } else {
        vectorless.merge(record.scope(), 1, Integer::sum);
      }
    }
    require(live == writePath.live(), live + " live records, counted " + writePath.live());
    require(bytes == core.eviction.bytes(), bytes + " bytes, counted " + core.eviction.bytes());
    require(texts == core.exact.size(), texts + " texts, in table " + core.exact.size());
    if (core.quotas.areTenantsLimited()) {
      byTenant.forEach(
          (tenant, count) ->
              require(
                  core.quotas.ofTenant(tenant) == count,
                  "tenant has " + count + ", counted " + core.quotas.ofTenant(tenant)));
    }
    require(vectorless.equals(core.vectorless), "entries without a vector are not counted");
    core.scopes.forEach(
        (scope, index) -> {
          int expected = byScope.getOrDefault(scope, 0);
          require(index.size() == expected, "index has " + index.size() + " of " + expected);
        });
    byScope.keySet().forEach(scope -> require(core.scopes.containsKey(scope), "no index"));
    core.scopes.values().forEach(ScopeIndex::check);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalStateException(problem);
    }
  }
}
