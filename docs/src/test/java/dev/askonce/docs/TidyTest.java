package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules that a machine can check. */
class TidyTest {
  private static final int FILE_LINES_MAX = 500;
  private static final Set<String> VAGUE_PACKAGES =
      Set.of("util", "utils", "common", "helper", "helpers", "impl", "manager", "misc", "core");
  private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
  private static final Pattern SWITCHED_OFF = Pattern.compile("@(Dis" + "abled|Ig" + "nore)\\b");
  private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sl" + "eep\\(");
  private static final Pattern SERIALIZATION =
      Pattern.compile("\\bObject(In|Out)put" + "Stream\\b");

  @Test
  void sources_areShort() {
    assertNone(SourceTree.java(), file -> SourceTree.read(file).lines().count() > FILE_LINES_MAX);
  }

  @Test
  void packages_sayWhatTheyAre() {
    assertNone(SourceTree.java(), TidyTest::isInVaguePackage);
  }

  private static boolean isInVaguePackage(Path file) {
    return Stream.iterate(file.getParent(), Path::getParent)
        .takeWhile(folder -> folder.startsWith(SourceTree.ROOT) && !folder.endsWith("java"))
        .anyMatch(folder -> VAGUE_PACKAGES.contains(folder.getFileName().toString()));
  }

  @Test
  void packages_areDescribed() {
    assertNone(
        SourceTree.java().stream().filter(TidyTest::isMain).toList(),
        file -> !Files.exists(file.resolveSibling("package-info.java")));
  }

  private static boolean isMain(Path file) {
    return SourceTree.name(file).contains("src/main/java");
  }

  @Test
  void sources_haveNoLeftovers() {
    assertNone(SourceTree.java(), file -> finds(LEFTOVER, file));
  }

  @Test
  void tests_areOnAndDoNotSleep() {
    List<Path> tests = SourceTree.java().stream().filter(file -> !isMain(file)).toList();
    assertNone(tests, file -> finds(SWITCHED_OFF, file) || finds(SLEEP, file));
  }

  @Test
  void sources_doNotSerialize() {
    assertNone(SourceTree.java(), file -> finds(SERIALIZATION, file));
  }

  @Test
  void pages_haveOneTitle() {
    assertNone(SourceTree.markdown(), file -> titles(SourceTree.read(file)) != 1);
  }

  private static long titles(String page) {
    boolean[] inCode = {false};
    return page.lines()
        .filter(
            line -> {
              inCode[0] ^= line.startsWith("```");
              return !inCode[0] && line.startsWith("# ");
            })
        .count();
  }

  @Test
  void links_leadSomewhere() {
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    List<String> broken = new ArrayList<>();
    for (Path page : SourceTree.markdown()) {
      link.matcher(SourceTree.read(page))
          .results()
          .map(match -> match.group(1))
          .filter(target -> !Files.exists(page.resolveSibling(target)))
          .forEach(target -> broken.add(SourceTree.name(page) + " -> " + target));
    }
    assertEquals(List.of(), broken);
  }

  private static boolean finds(Pattern pattern, Path file) {
    return pattern.matcher(SourceTree.read(file)).find();
  }

  private static void assertNone(List<Path> files, Predicate<Path> offends) {
    assertEquals(List.of(), files.stream().filter(offends).map(SourceTree::name).toList());
  }
}
