package dev.askonce.engine.internal.cache;

import java.util.Arrays;
import org.agrona.collections.Long2LongCounterMap;

/**
 * How many entries each tenant and each principal has, so that none can fill the cache or push the
 * others out. Keeps nothing where there is no limit. Under the writer's lock.
 */
final class Quotas {
  /** As the provenance of an entry of which nobody is named. */
  private static final long NOBODY = 0;

  private final Share tenants;
  private final Share principals;

  Quotas(int entriesMaxOfTenant, int entriesMaxOfPrincipal) {
    tenants = new Share(entriesMaxOfTenant);
    principals = new Share(entriesMaxOfPrincipal);
  }

  /** Entries by owner, and the owner of each slot. */
  private static final class Share {
    private final int max;
    private final Long2LongCounterMap counts = new Long2LongCounterMap(0);
    private long[] owners = new long[0];

    Share(int max) {
      this.max = max;
    }

    boolean isLimited() {
      return max < Integer.MAX_VALUE;
    }

    boolean allows(long owner, int replaced) {
      if (!isLimited() || owner == NOBODY) {
        return true;
      }
      boolean replacesOwn = replaced >= 0 && owners[replaced] == owner;
      return counts.get(owner) < (replacesOwn ? max + 1L : max);
    }

    void count(long owner, int change) {
      if (isLimited() && owner != NOBODY) {
        counts.addAndGet(owner, change);
      }
    }

    void own(int slot, long owner) {
      if (isLimited()) {
        if (slot >= owners.length) {
          owners = Arrays.copyOf(owners, Math.max(slot + 1, owners.length * 2));
        }
        owners[slot] = owner;
      }
    }

    void removed(int slot) {
      if (isLimited()) {
        count(owners[slot], -1);
        owners[slot] = NOBODY;
      }
    }
  }

  /** {@return whether anybody is limited} By any thread. */
  boolean areLimited() {
    return tenants.isLimited() || principals.isLimited();
  }

  /**
   * Reserves a place for an entry.
   *
   * @param replaced the slot of the entry that will leave for it, or -1
   * @return false if its tenant or principal has as many as it may
   */
  boolean reserve(long tenant, long principal, int replaced) {
    if (!tenants.allows(tenant, replaced) || !principals.allows(principal, replaced)) {
      return false;
    }
    count(tenant, principal, 1);
    return true;
  }

  /** Gives back a place that an entry took, or that none will take. */
  void release(long tenant, long principal) {
    count(tenant, principal, -1);
  }

  private void count(long tenant, long principal, int change) {
    tenants.count(tenant, change);
    principals.count(principal, change);
  }

  /** Notes a new entry, or one that was there when the store was opened, within quotas or not. */
  void added(int slot, long tenant, long principal) {
    count(tenant, principal, 1);
    tenants.own(slot, tenant);
    principals.own(slot, principal);
  }

  /** Notes that an entry is gone. */
  void removed(int slot) {
    tenants.removed(slot);
    principals.removed(slot);
  }

  boolean areTenantsLimited() {
    return tenants.isLimited();
  }

  /** {@return how many entries of a tenant are counted} */
  long ofTenant(long tenant) {
    return tenants.counts.get(tenant);
  }
}
