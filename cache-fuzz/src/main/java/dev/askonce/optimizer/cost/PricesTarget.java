package dev.askonce.optimizer.cost;

import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.chat.ChatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;

/** Tables of prices: refused as documented, or used. */
public final class PricesTarget implements Target {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  @Override
  public void run(byte[] input) {
    Prices prices;
    try {
      prices = Prices.read(new ByteArrayInputStream(input));
    } catch (IOException | ChatException.InvalidPrices e) {
      return;
    }
    for (String model : new String[] {"", "m", "m-2025", "m@latest", "-"}) {
      prices
          .of(model, DAY)
          .ifPresent(price -> Target.require(price.input() >= 0, "a negative price"));
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        ("{\"prices\":[{\"models\":[\"m\",\"\"],\"from\":\"2025-01-01\",\"input\":2500000000,"
                + "\"cachedInput\":1,\"cacheWrite\":3,\"output\":10}]}")
            .getBytes(StandardCharsets.UTF_8));
  }
}
