package dev.askonce.redis;

import dev.askonce.redis.rig.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.Protocol.Command;

/** The user that the guide tells operators to make, as the guide has it. */
final class LeastUser {
  private static final Pattern COMMAND = Pattern.compile("\\+([a-z|-]*[a-z])");
  private static final String NAME = "cache";
  private static final String PASSWORD = "hush";

  private LeastUser() {}

  /** {@return the commands of the guide, by what they are for} */
  static Map<String, List<String>> byUse() {
    Map<String, List<String>> byUse = new LinkedHashMap<>();
    String guide = read("docs/guides/redis.md").replaceAll("\\s+", " ");
    byUse.put("replication", commandsIn(between(guide, "ACL SETUSER askonce on ", " ```")));
    byUse.put("askonce redis", commandsIn(between(guide, "ACL SETUSER operator on ", " ```")));
    byUse.put("in a Cluster", commandsIn(between(guide, "it also needs `", "`")));
    byUse.put("a database", commandsIn(between(guide, "the URI names a database `", "`")));
    byUse.put("the exact tier", commandsIn(between(guide, "for the exact tier `", "`")));
    return byUse;
  }

  /** {@return the commands for each use whose words these are the beginning of} */
  static Set<String> commands(String... uses) {
    Set<String> commands = new LinkedHashSet<>();
    Map<String, List<String>> byUse = byUse();
    for (String use : uses) {
      List<String> found =
          byUse.entrySet().stream()
              .filter(line -> line.getKey().startsWith(use))
              .flatMap(line -> line.getValue().stream())
              .toList();
      if (found.isEmpty()) {
        throw new AssertionError("the guide has no " + use + ": " + byUse);
      }
      commands.addAll(found);
    }
    return commands;
  }

  static Set<String> all() {
    return new TreeSet<>(byUse().values().stream().flatMap(List::stream).toList());
  }

  static List<String> commandsIn(String text) {
    return COMMAND.matcher(text).results().map(found -> found.group(1)).toList();
  }

  static String between(String text, String from, String to) {
    int start = text.indexOf(from);
    int end = text.indexOf(to, start + from.length());
    if (start < 0 || end < 0) {
      throw new AssertionError("not there: " + from);
    }
    return text.substring(start + from.length(), end);
  }

  static String read(String file) {
    try {
      return Files.readString(Path.of(System.getProperty("askonce.root", ".."), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the user, who may send these commands, and forgets who was denied something. */
  static void make(RedisProcess server, Set<String> commands) {
    Stream<String> rules = Stream.of("SETUSER", NAME, "reset", "on", ">" + PASSWORD);
    Stream<String> rights = Stream.of("~askonce:*", "-@all");
    server.command(
        Command.ACL,
        Stream.of(rules, rights, commands.stream().map(command -> "+" + command))
            .flatMap(each -> each)
            .toArray(String[]::new));
    server.command(Command.ACL, "LOG", "RESET");
  }

  static Set<String> without(Set<String> commands, String one) {
    Set<String> others = new LinkedHashSet<>(commands);
    if (!others.remove(one)) {
      throw new AssertionError(one + " is not among " + commands);
    }
    return others;
  }

  static String as(String uri) {
    return uri.replace("://", "://" + NAME + ":" + PASSWORD + "@");
  }

  /** {@return which commands were denied; of one with parts, its first word} */
  static Set<String> denied(RedisProcess server) {
    Set<String> denied = new TreeSet<>();
    for (Object entry : (List<?>) server.command(Command.ACL, "LOG")) {
      List<String> fields = new ArrayList<>();
      for (Object field : (List<?>) entry) {
        fields.add(field instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : "");
      }
      denied.add(word(fields.get(fields.indexOf("object") + 1)));
    }
    return denied;
  }

  /** {@return the first word: servers before 7.0 do not name a command's parts} */
  static String word(String command) {
    return command.split("[|]")[0];
  }

  /** {@return whether this command was denied} */
  static boolean isDenied(RedisProcess server, String command) {
    return denied(server).contains(word(command));
  }
}
