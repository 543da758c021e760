package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the format has the pictures of the code that reads and writes it. */
class FormatPageTest {
  private static final Path ENGINE =
      SourceTree.ROOT.resolve("cache-engine/src/main/java/dev/askonce/engine");

  private static final Pattern PICTURE = Pattern.compile("(?s)<pre>\\n(.*?)\\n \\* </pre>");
  private static final Pattern LINK = Pattern.compile("\\{@link (?:[\\w.]*\\.)?(\\w+)}");
  private static final Pattern BLOCK = Pattern.compile("(?s)\\n```\\n(.*?)\\n```\\n");

  private static final List<String> DRAWN =
      List.of(
          "internal/store/Superblock",
          "internal/store/TenantKeys",
          "internal/store/FeedbackFile",
          "internal/store/EntryTable",
          "internal/store/SlotRecord",
          "internal/store/ChronicleShard",
          "spi/Frame",
          "internal/store/FrameCodec",
          "internal/index/GraphSnapshot",
          "internal/index/NodeBlocks",
          "internal/kernel/CodeGroup",
          "internal/store/ChronicleHeader");

  private static final Path REPLICATION =
      SourceTree.ROOT.resolve("cache-redis-adapter/src/main/java/dev/askonce/redis/internal/log");

  private static final List<String> DRAWN_BETWEEN_CACHES =
      List.of("RemovalRecord", "Checkpoint", "Sealer", "RecordCodec", "SnapshotChunks");

  /** {@return the first picture in the Javadoc of a class} */
  private static String picture(Path folder, String name) {
    Matcher matcher = PICTURE.matcher(SourceTree.read(folder.resolve(name + ".java")));
    assertTrue(matcher.find(), name + " has no picture");
    return matcher
        .group(1)
        .lines()
        .map(line -> line.startsWith(" * ") ? line.substring(3) : line.substring(2))
        .map(line -> LINK.matcher(line).replaceAll("$1").stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void page_hasThePicturesOfTheCode() {
    String page = SourceTree.read(SourceTree.ROOT.resolve("docs/internals/format.md"));
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(page);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    List<String> pictures = new ArrayList<>();
    DRAWN.forEach(name -> pictures.add(picture(ENGINE, name)));
    DRAWN_BETWEEN_CACHES.forEach(name -> pictures.add(picture(REPLICATION, name)));
    assertEquals(pictures, blocks);
  }
}
