package dev.askonce.cli;

import dev.askonce.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A target that fails where an input begins with three letters, found one after the other. */
public final class PlantedTarget implements Target {
  @Override
  public void run(byte[] input) {
    boolean first = input.length >= 3 && input[0] == 'k';
    boolean second = first && input[1] == 'e';
    Target.require(!second || input[2] != 'y', "planted");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of("abc".getBytes(StandardCharsets.US_ASCII));
  }
}
