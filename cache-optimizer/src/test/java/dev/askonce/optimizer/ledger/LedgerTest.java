package dev.askonce.optimizer.ledger;

import static dev.askonce.optimizer.Wire.ask;
import static dev.askonce.optimizer.Wire.completion;
import static dev.askonce.optimizer.Wire.drain;
import static dev.askonce.optimizer.Wire.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.FakeSemanticCache;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.LedgerRow.Key;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private static final CallContext CONTEXT = CallContext.of("acme", Wire.URL);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-11-15T12:00:00Z"));

  /** 1,000 × $5 + 200 × $15 a million tokens. */
  private static final long CALL_NANO_DOLLARS = 8_000_000;

  private final Ledger ledger = new Ledger(Prices.november2025(), new JtokkitCounter(), CLOCK);
  private final FakeTransport transport = new FakeTransport((request, call) -> completion("A"));
  private final ChatClient client =
      Pipeline.of(ledger, CacheLever.builder(new FakeSemanticCache()).clock(CLOCK).build())
          .over(transport);

  private LedgerRow row(String model, String lever) {
    Key key = new Key("default", "acme", model, lever);
    return ledger.snapshot().rows().stream()
        .filter(row -> row.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void hit_costsNothingAndKeepsWhatItAvoided() throws IOException {
    for (int i = 0; i < 4; i++) {
      client.complete(ask("q"), CONTEXT);
    }
    LedgerRow paid = row("gpt-4o-2024-08-06", LedgerRow.PROVIDER);
    assertEquals(1, paid.calls());
    assertEquals(Usage.of(1000, 200), paid.billed());
    assertEquals(CALL_NANO_DOLLARS, paid.costNanoDollars());
    assertEquals(CALL_NANO_DOLLARS, paid.baselineNanoDollars());
    LedgerRow hits = row("gpt-4o", CacheLever.NAME);
    assertEquals(3, hits.calls());
    assertEquals(Usage.NONE, hits.billed());
    assertEquals(Usage.of(3000, 600), hits.avoided());
    assertEquals(0, hits.costNanoDollars());
    assertEquals(3 * CALL_NANO_DOLLARS, hits.savedNanoDollars());
    LedgerRow total = ledger.snapshot().total();
    assertEquals(4, total.calls());
    assertEquals(CALL_NANO_DOLLARS, total.costNanoDollars());
    assertEquals(4 * CALL_NANO_DOLLARS, total.baselineNanoDollars());
    assertEquals(3 * CALL_NANO_DOLLARS, total.savedNanoDollars());
    assertEquals(0, total.estimatedCalls());
  }

  @Test
  void rows_areKeptApartByEndpointAndTenant() throws IOException {
    client.complete(ask("q"), CONTEXT.endpoint("faq"));
    client.complete(ask("q"), CONTEXT.endpoint("search").tenant("other"));
    assertEquals(2, ledger.snapshot().rows().size());
    assertEquals("faq", ledger.snapshot().rows().get(0).key().endpoint());
    assertEquals("other", ledger.snapshot().rows().get(1).key().tenant());
  }

  @Test
  void stream_withoutUsage_isEstimatedAndSaidSo() throws IOException {
    transport.answering((request, call) -> stream("hello", " world"));
    drain(client.stream(ask("q", "'stream':true"), CONTEXT));
    drain(client.stream(ask("q", "'stream':true"), CONTEXT));
    LedgerRow paid = row("gpt-4o", LedgerRow.PROVIDER);
    assertEquals(Usage.of(8, 2), paid.billed());
    assertEquals(1, paid.estimatedCalls());
    LedgerRow hit = row("gpt-4o", CacheLever.NAME);
    assertEquals(Usage.of(8, 2), hit.avoided());
    assertEquals(1, hit.estimatedCalls());
  }

  @Test
  void stream_closedEarly_isBilledForWhatCame() throws IOException {
    transport.answering((request, call) -> stream("hello", " world"));
    try (ChatStream stream = client.stream(ask("q", "'stream':true"), CONTEXT)) {
      stream.next();
      stream.next();
    }
    assertEquals(Usage.of(8, 1), row("gpt-4o", LedgerRow.PROVIDER).billed());
  }

  @Test
  void errors_areCountedAndCostNothing() throws IOException {
    transport.status(429);
    client.complete(ask("q"), CONTEXT);
    client.stream(ask("q", "'stream':true"), CONTEXT).close();
    transport.answering(
        (request, call) -> {
          throw new IOException("gone");
        });
    assertThrows(IOException.class, () -> client.complete(ask("q"), CONTEXT));
    assertThrows(IOException.class, () -> client.stream(ask("q"), CONTEXT));
    LedgerRow row = row("gpt-4o", LedgerRow.PROVIDER);
    assertEquals(4, row.calls());
    assertEquals(4, row.failures());
    assertEquals(0, row.costNanoDollars());
  }

  @Test
  void modelWithoutAPrice_isSaidNotGuessed() throws IOException {
    transport.answering((request, call) -> completion("A").replace("gpt-4o-2024-08-06", "novel"));
    String request = "{'model':'novel','messages':[{'role':'user','content':'q'}]}";
    client.complete(Wire.request(request), CONTEXT);
    client.complete(Wire.request(request), CONTEXT);
    assertEquals(2, ledger.snapshot().total().unpricedCalls());
    assertEquals(0, ledger.snapshot().total().baselineNanoDollars());
    assertEquals(1000, ledger.snapshot().total().billed().input());
  }

  @Test
  void dearerModelAskedThanServed_isASaving() throws IOException {
    transport.answering(
        (request, call) -> completion("A").replace("gpt-4o-2024-08-06", "gpt-4o-mini"));
    client.complete(ask("q"), CONTEXT);
    LedgerRow row = row("gpt-4o-mini", LedgerRow.PROVIDER);
    assertEquals(CALL_NANO_DOLLARS, row.baselineNanoDollars());
    assertEquals(1000 * 150 + 200 * 600, row.costNanoDollars());
  }

  @Test
  void rows_beyondTheLimit_areBookedTogether() throws IOException {
    int more = 5;
    for (int i = 0; i < Ledger.ROWS_MAX + more; i++) {
      client.complete(ask("q"), CONTEXT.endpoint("e" + i).cached(false));
    }
    LedgerSnapshot snapshot = ledger.snapshot();
    assertEquals(Ledger.ROWS_MAX + 1, snapshot.rows().size());
    LedgerRow other = snapshot.rows().getLast();
    assertEquals(new Key("other", "other", "other", LedgerRow.PROVIDER), other.key());
    assertEquals(more, other.calls());
    assertEquals(Ledger.ROWS_MAX + more, snapshot.total().calls());
  }

  @Test
  void booking_byManyThreads_losesNothing() throws Exception {
    int threads = 8;
    int calls = 200;
    CountDownLatch start = new CountDownLatch(1);
    Thread[] workers = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      workers[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      for (int call = 0; call < calls; call++) {
                        client.complete(ask("q"), CONTEXT);
                      }
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
    }
    start.countDown();
    for (Thread worker : workers) {
      worker.join();
    }
    LedgerRow total = ledger.snapshot().total();
    assertEquals(threads * calls, total.calls());
    assertEquals(threads * calls * CALL_NANO_DOLLARS, total.baselineNanoDollars());
  }

  @Test
  void observe_changesNothing() throws IOException {
    ChatClient observed = Pipeline.of(ledger).over(transport);
    observed.complete(ask("q"), CONTEXT);
    assertTrue(observed.complete(ask("q"), CONTEXT).avoided().isEmpty());
    assertEquals(2, transport.calls());
    assertEquals(2 * CALL_NANO_DOLLARS, ledger.snapshot().total().costNanoDollars());
  }
}
