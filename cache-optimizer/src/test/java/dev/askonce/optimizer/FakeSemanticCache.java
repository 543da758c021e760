package dev.askonce.optimizer;

import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.Withheld;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A cache in a map: exact repeats, and paraphrases that a test names. One lock for everything; the
 * load tickets keep the engine's contract.
 */
public final class FakeSemanticCache implements SemanticCache {
  private record Key(Scope scope, String text) {}

  private record Entry(EntryId id, Answer answer, PutOptions options) {}

  private static final KeyedHash SIGNER = new KeyedHash(new byte[KeyedHash.SECRET_BYTES]);

  private final Map<Key, Entry> entries = new HashMap<>();
  private final Map<Key, Ticket> leaders = new HashMap<>();
  private final Map<String, String> paraphrases = new HashMap<>();
  private PutOptions lastPut;
  private long sequence;
  private int waiting;
  private int openTickets;
  private boolean checking;

  /** Makes two texts mean the same. */
  public synchronized void paraphrase(String text, String meaning) {
    paraphrases.put(text, meaning);
  }

  /** Has every hit of a ticket checked from now on. */
  public synchronized void checkHits() {
    checking = true;
  }

  public synchronized int size() {
    return entries.size();
  }

  /** {@return followers that wait now} */
  public synchronized int waiting() {
    return waiting;
  }

  /** {@return leaders that have not settled} */
  public synchronized int openTickets() {
    return openTickets;
  }

  public synchronized PutOptions lastPut() {
    return lastPut;
  }

  /** {@return the bodies of all entries, in no order} */
  public synchronized Iterable<Answer> answers() {
    return entries.values().stream().map(Entry::answer).toList();
  }

  private Key key(Scope scope, String text, LookupOptions options) {
    String meaning = options.exactOnly() ? text : paraphrases.getOrDefault(text, text);
    return new Key(scope, KeyedHash.normalise(meaning));
  }

  @Override
  public synchronized Lookup lookup(Scope scope, String text, LookupOptions options) {
    Entry entry = entries.get(key(scope, text, options));
    return entry == null
        ? Lookup.miss(options.exactOnly() ? MissReason.EXACT_ONLY : MissReason.NOTHING_SIMILAR)
        : Lookup.hit(
            new Hit(
                new HitId(entry.id(), 0, Hash128.ZERO, Hash128.ZERO, 0, options.route(), SIGNER),
                HitKind.EXACT,
                1,
                entry.answer(),
                Instant.EPOCH,
                Instant.MAX,
                entry.options().savedNanoDollars()));
  }

  @Override
  public synchronized boolean wrong(HitId hit) {
    return entries.values().removeIf(entry -> entry.id().equals(hit.entry()));
  }

  @Override
  public boolean loosen(String route) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized LoadTicket acquire(Scope scope, String text, LookupOptions options) {
    return new Ticket(scope, text, options);
  }

  @Override
  public synchronized Optional<EntryId> put(
      Scope scope, String text, Answer answer, PutOptions options) {
    EntryId id = new EntryId(1, ++sequence);
    lastPut = options;
    entries.put(
        key(scope, text, LookupOptions.DEFAULTS.exactOnly(true)), new Entry(id, answer, options));
    return Optional.of(id);
  }

  private final class Ticket implements LoadTicket {
    private final Scope scope;
    private final String text;
    private final LookupOptions options;
    private final Key key;
    private Lookup lookup;
    private Role role;
    private boolean settled;
    private boolean declined;

    Ticket(Scope scope, String text, LookupOptions options) {
      this.scope = scope;
      this.text = text;
      this.options = options;
      key = key(scope, text, options);
      join();
    }

    private void join() {
      lookup = FakeSemanticCache.this.lookup(scope, text, options);
      if (lookup.isHit() && checking) {
        Withheld withheld = new Withheld(lookup.hit().get(), Optional.empty());
        lookup = Lookup.withheld(MissReason.CHECKED, withheld);
        role = Role.ALONE;
      } else if (lookup.isHit()) {
        role = Role.HIT;
      } else if (leaders.putIfAbsent(key, this) == null) {
        role = Role.LEADER;
        openTickets++;
      } else {
        role = Role.FOLLOWER;
      }
    }

    @Override
    public Role role() {
      synchronized (FakeSemanticCache.this) {
        return role;
      }
    }

    @Override
    public Lookup lookup() {
      return lookup;
    }

    @Override
    public Optional<EntryId> fulfil(Answer answer, PutOptions putOptions) {
      synchronized (FakeSemanticCache.this) {
        if (role != Role.LEADER && role != Role.ALONE) {
          throw new IllegalStateException("a " + role + " cannot fulfil");
        }
        Optional<EntryId> id = put(scope, text, answer, putOptions);
        settle(false);
        return id;
      }
    }

    @Override
    public void decline() {
      settle(true);
    }

    @Override
    public void fail() {
      settle(false);
    }

    @Override
    public void close() {
      settle(false);
    }

    private void settle(boolean decline) {
      synchronized (FakeSemanticCache.this) {
        if (role == Role.LEADER && !settled) {
          settled = true;
          declined = decline;
          openTickets--;
          leaders.remove(key);
          FakeSemanticCache.this.notifyAll();
        }
      }
    }

    @Override
    public Role await(Duration timeout) {
      synchronized (FakeSemanticCache.this) {
        Ticket leader = leaders.get(key);
        long deadline = System.nanoTime() + timeout.toNanos();
        waiting++;
        while (leader != null && !leader.settled && deadline - System.nanoTime() > 0) {
          try {
            FakeSemanticCache.this.wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            break;
          }
        }
        waiting--;
        if (leader != null && (!leader.settled || leader.declined)) {
          role = Role.ALONE;
          return role;
        }
        join();
        return role == Role.FOLLOWER ? await(Duration.ofNanos(deadline - System.nanoTime())) : role;
      }
    }
  }

  @Override
  public Lookup lookup(Scope scope, float[] vector, LookupOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Answer getOrLoad(
      Scope scope,
      String text,
      LookupOptions lookupOptions,
      PutOptions putOptions,
      Duration timeout,
      Callable<Answer> loader) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<EntryId> put(Scope scope, float[] vector, Answer answer, PutOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void nearest(Scope scope, float[] vector, float floor, int count, Candidates result) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long putAll(Iterator<BulkEntry> entries, int threads) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void any(Scope scope, float[] vector, float threshold, Candidates result) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean invalidate(EntryId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long invalidateTag(String tag) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long invalidateScope(Scope scope) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long invalidateTenant(String tenant) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long invalidateProvenance(String principal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CacheStats stats() {
    // It has counts alone; nobody times a map.
    return new CacheStats(
        0, 0, Map.of(), Map.of(), sequence, 0, 0, 0, 0, 0, 0, 0, 0, size(), 0, 0, 0, 0, 0, 0, 0, 0,
        0, null, null, null, Map.of());
  }

  @Override
  public void force() {}

  @Override
  public void close() {}
}
