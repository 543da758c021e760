package dev.askonce.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between packages point the way that the package-infos say: read from the classes. */
class LayeringTest {
  private static final String ENGINE = "dev/askonce/engine";
  private static final String INTERNAL = ENGINE + "/internal/";
  private static final Pattern CLASS_NAME = Pattern.compile("L([\\w/$]+);");

  /** Which packages of ours a package may use; the values of the engine are free for all. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "engine", Set.of("spi"),
          "spi", Set.of("engine"),
          "base", Set.of(),
          "kernel", Set.of("base"),
          "policy", Set.of("base"),
          "decision", Set.of("spi", "engine"),
          "store", Set.of("base", "kernel", "spi", "engine"),
          "index", Set.of("store", "kernel", "base", "spi"),
          "cache", Set.of("index", "store", "kernel", "base", "policy", "spi", "engine"));

  /** Single edges beyond the arrows: from a class to a class. */
  private static final Set<String> EDGES =
      Set.of(
          "kernel.Kernels -> engine.CacheException",
          "kernel.Kernels -> engine.CacheException$InvalidOption",
          "kernel.Kernels -> engine.CacheException$InvalidVector",
          "index.TopCandidates -> engine.Candidates",
          "engine.SemanticCacheBuilder -> cache.CacheSettings",
          "engine.SemanticCacheBuilder -> decision.CosinePolicy",
          "engine.SemanticCacheBuilder -> cache.LocalSemanticCache",
          "engine.SemanticCache -> store.Fsck");

  /** What nobody here may use: it deserialises, talks to the network, or bypasses the JDK. */
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "java/io/Object(In|Out)putStream|java/net/.*|javax/net/.*|sun/.*|jdk/internal/.*"
              + "|java/nio/channels/.*Socket.*|java/lang/Runtime");

  private static Map<String, Set<String>> uses() throws IOException {
    Map<String, Set<String>> uses = new TreeMap<>();
    Path classes =
        Path.of(SemanticCache.class.getResource("SemanticCache.class").getPath()).getParent();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
        uses.put(model.thisClass().asInternalName(), used(model));
      }
    }
    return uses;
  }

  private static Set<String> used(ClassModel model) {
    Set<String> used = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry reference) {
        String name = reference.asInternalName();
        used.add(name.startsWith("[") ? name.replaceAll("^\\[+L?|;$", "") : name);
      } else if (entry instanceof Utf8Entry text && text.stringValue().contains(";")) {
        Matcher names = CLASS_NAME.matcher(text.stringValue());
        while (names.find()) {
          used.add(names.group(1));
        }
      }
    }
    return used;
  }

  private static String room(String className) {
    String parent = className.substring(0, className.lastIndexOf('/'));
    return parent.substring(parent.lastIndexOf('/') + 1);
  }

  private static String shortName(String className) {
    return room(className) + "." + className.substring(className.lastIndexOf('/') + 1);
  }

  @Test
  void packages_useOnlyWhatLiesBelow() throws IOException {
    List<String> wrong = new ArrayList<>();
    Map<String, Set<String>> uses = uses();
    assertTrue(uses.size() > 50, uses.size() + " classes");
    uses.forEach(
        (user, names) -> {
          String from = room(user);
          assertTrue(ARROWS.containsKey(from), "a room without arrows: " + from);
          for (String name : names) {
            String to = name.startsWith(ENGINE) && name.contains("/") ? room(name) : from;
            String edge = shortName(user) + " -> " + (name.contains("/") ? shortName(name) : name);
            if (!to.equals(from) && !ARROWS.get(from).contains(to) && !EDGES.contains(edge)) {
              wrong.add(edge);
            }
          }
        });
    assertEquals(List.of(), wrong);
  }

  @Test
  void packages_useOnlyTheirLibraries() throws IOException {
    Map<String, Set<String>> libraries =
        Map.of(
            "engine", Set.of("org/HdrHistogram"),
            "spi", Set.of("net/openhft/hashing"),
            "base", Set.of(),
            "kernel", Set.of("jdk/incubator/vector"),
            "policy", Set.of(),
            "store", Set.of("net/openhft", "org/slf4j"),
            "index", Set.of("org/agrona", "net/openhft/hashing"),
            "cache", Set.of("org/agrona", "org/slf4j", "org/HdrHistogram"));
    List<String> wrong = new ArrayList<>();
    uses()
        .forEach(
            (user, names) -> {
              for (String name : names) {
                boolean known =
                    !name.contains("/")
                        || name.startsWith("java/")
                        || name.startsWith("javax/crypto/")
                        || name.startsWith(ENGINE)
                        || libraries.get(room(user)).stream().anyMatch(name::startsWith);
                if (!known) {
                  wrong.add(shortName(user) + " -> " + name);
                }
              }
            });
    assertEquals(List.of(), wrong);
  }

  @Test
  void classes_useNothingForbidden() throws IOException {
    List<String> wrong = new ArrayList<>();
    uses()
        .forEach(
            (user, names) ->
                names.stream()
                    .filter(name -> FORBIDDEN.matcher(name).matches())
                    .forEach(name -> wrong.add(shortName(user) + " -> " + name)));
    assertEquals(List.of(), wrong);
  }

  @Test
  void classes_areNotSerializableButExceptions() throws IOException {
    List<String> wrong = new ArrayList<>();
    uses()
        .forEach(
            (user, names) -> {
              boolean isInternal = user.startsWith(INTERNAL);
              if (names.contains("java/io/Serializable") && isInternal && !user.contains("$$")) {
                wrong.add(user);
              }
            });
    assertEquals(List.of(), wrong);
  }
}
