package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds the pages to code that compiles and runs: every Java block of a page is, to the letter, a
 * region of a test class in this folder, and every region stands on a page.
 */
class SnippetsTest {
  private static final String REGION = "// region";
  private static final String END = "// end";

  @Test
  void pages_showWhatTheTestsRun() {
    Set<String> shown = new TreeSet<>();
    for (Path page : SourceTree.markdown()) {
      shown.addAll(blocks(SourceTree.read(page)));
    }
    Set<String> run = new TreeSet<>();
    for (Path file : SourceTree.java()) {
      if (SourceTree.name(file).startsWith("docs/") && !file.endsWith("SnippetsTest.java")) {
        run.addAll(regions(SourceTree.read(file)));
      }
    }
    assertEquals(String.join("\n---\n", run), String.join("\n---\n", shown));
  }

  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : page.lines().toList()) {
      if (line.equals("```java")) {
        block = new StringBuilder();
      } else if (line.equals("```") && block != null) {
        blocks.add(block.toString());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }

  private static List<String> regions(String source) {
    List<String> regions = new ArrayList<>();
    StringBuilder region = null;
    for (String line : source.lines().toList()) {
      if (line.strip().equals(REGION)) {
        region = new StringBuilder();
      } else if (line.strip().equals(END)) {
        regions.add(region.toString().stripTrailing().stripIndent() + '\n');
        region = null;
      } else if (region != null) {
        region.append(line).append('\n');
      }
    }
    return regions;
  }
}
