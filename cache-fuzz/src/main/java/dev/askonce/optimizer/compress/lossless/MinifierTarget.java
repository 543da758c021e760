package dev.askonce.optimizer.compress.lossless;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.chat.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Texts, made tighter: nothing that can be seen is lost, JSON says the same, what is left alone
 * stays to the letter, and a second time finds nothing more.
 */
public final class MinifierTarget implements Target {
  private static final Minifier MINIFIER = Minifier.create();

  @Override
  public void run(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    List<Block> blocks = Block.of(text);
    StringBuilder whole = new StringBuilder();
    blocks.forEach(block -> whole.append(block.text()));
    Target.require(whole.toString().equals(text), "blocks are not the text");
    String tighter = MINIFIER.minify(text, String::length);
    Target.require(tighter.length() <= text.length(), "longer");
    Target.require(visible(tighter).equals(visible(text)), "something that can be seen is lost");
    Target.require(text.isEmpty() || !tighter.isEmpty(), "nothing is left");
    Optional<JsonNode> json = json(text);
    Target.require(json.isEmpty() || json.equals(json(tighter)), "JSON says something else");
    int from = 0;
    for (Block block : blocks) {
      boolean alone = block.kind() == Block.Kind.FENCE || block.kind() == Block.Kind.OTHER;
      if (alone) {
        int at = tighter.indexOf(block.text(), from);
        Target.require(at >= 0, "what was to be left alone is changed");
        from = at + block.text().length();
      }
    }
  }

  /** {@return the text without white space, and each run of hyphens as one: tables' rules} */
  private static String visible(String text) {
    return text.replaceAll("[ \\t\\r\\n]+", "").replaceAll("\\s+", "").replaceAll("-+", "-");
  }

  private static Optional<JsonNode> json(String text) {
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      return node.isContainerNode() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed("{ \"a b\" : [ 1.50, \"x  \\\" y\" , null ],\n  \"c\": { } }\n"),
        seed("| a  | b \\|  c |\n|---:|:------|\n| `x`  |   |\n\n\n\nThe  end. It is.  \nTrue. \n"),
        seed("One two.\n\n\n```py\nx =  1\n\n\n```\n\n- a  b\n\n\nkey:  value\n    code  here\n"),
        seed("def f():\n    [1,  2]\n    return { }\n\n\n[ 1,\n 2 ]\n~~~\n{ }\n"));
  }

  private static byte[] seed(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
