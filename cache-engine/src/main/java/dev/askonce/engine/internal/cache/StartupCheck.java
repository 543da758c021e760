package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.spi.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a JVM flag that is missing before a dependency fails on it with a stack trace. The flags
 * are those of {@code askonce.jvmargs}, which is a resource of this module.
 */
final class StartupCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StartupCheck.class);
  private static final String RESOURCE = "askonce.jvmargs";
  private static final String ADD_MODULES = "--add-modules=jdk.incubator.vector";
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
  private static final String ADD_OPENS = "--add-opens=";
  private static final String ADD_EXPORTS = "--add-exports=";

  private StartupCheck() {}

  /**
   * @throws CacheException.MissingJvmFlag naming the first flag that this JVM was started without
   */
  static void run() {
    missing(flags()).ifPresent(StartupCheck::fail);
    if (!Verification.ON) {
      LOG.warn("stored bytes are NOT verified: {} is for benchmarks", Verification.PROPERTY);
    }
  }

  private static void fail(String flag) {
    throw new CacheException.MissingJvmFlag(flag);
  }

  static List<String> flags() {
    try (InputStream in = SemanticCache.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the first of {@code flags} that is not in force and without which we cannot run} */
  static Optional<String> missing(List<String> flags) {
    return flags.stream().filter(flag -> !isInForce(flag)).findFirst();
  }

  private static boolean isInForce(String flag) {
    if (flag.equals(ADD_MODULES)) {
      return Kernels.available();
    }
    if (flag.equals(NATIVE_ACCESS)) {
      return StartupCheck.class.getModule().isNativeAccessEnabled();
    }
    if (flag.startsWith(ADD_OPENS)) {
      return isReachable(flag.substring(ADD_OPENS.length()), true);
    }
    if (flag.startsWith(ADD_EXPORTS)) {
      return isReachable(flag.substring(ADD_EXPORTS.length()), false);
    }
    return true;
  }

  /** {@return whether {@code module/package=ALL-UNNAMED} is opened, or exported} */
  private static boolean isReachable(String target, boolean opened) {
    String module = target.substring(0, target.indexOf('/'));
    String name = target.substring(target.indexOf('/') + 1, target.indexOf('='));
    Module unnamed = StartupCheck.class.getModule();
    return ModuleLayer.boot()
        .findModule(module)
        .map(found -> opened ? found.isOpen(name, unnamed) : found.isExported(name, unnamed))
        .orElse(false);
  }
}
