package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The one formatter check. It runs here and not as a build plugin, since the formatter must run on
 * the JDK whose language it reads, and Maven may run on an older one.
 *
 * <p>{@code ./mvnw -pl docs -am test -Dtest=FormatTest -Dformat=apply
 * -Dsurefire.failIfNoSpecifiedTests=false} rewrites what is not formatted.
 */
class FormatTest {
  private static final boolean APPLY = "apply".equals(System.getProperty("format"));

  private final Formatter formatter = new Formatter();

  @Test
  void sources_areFormatted() throws IOException, FormatterException {
    List<String> unformatted = new ArrayList<>();
    for (Path file : SourceTree.java()) {
      String source = SourceTree.read(file);
      String formatted = format(source);
      if (!formatted.equals(source)) {
        unformatted.add(SourceTree.name(file));
        if (APPLY) {
          Files.writeString(file, formatted);
        }
      }
    }
    assertEquals(APPLY ? unformatted : List.of(), unformatted, "not in google-java-format");
  }

  private String format(String source) throws FormatterException {
    String used = RemoveUnusedImports.removeUnusedImports(source);
    return formatter.formatSource(ImportOrderer.reorderImports(used, Style.GOOGLE));
  }
}
