package dev.askonce.redis.rig;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * All that anybody logs while it is open, at every level and with whole traces; otherwise nothing
 * is logged. The system property {@code slf4j.provider} of this module's tests names its provider.
 *
 * <p>Threading: one at a time; lines come from any thread.
 */
public final class CapturedLog implements AutoCloseable {
  private static volatile CapturedLog open;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  public CapturedLog() {
    if (!(org.slf4j.LoggerFactory.getILoggerFactory() instanceof Provider)) {
      throw new IllegalStateException(
          "-Dslf4j.provider=" + Provider.class.getName() + " is missing");
    }
    open = this;
  }

  /** {@return what was logged so far} */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    open = null;
  }

  /** Makes the loggers. */
  public static final class Provider implements SLF4JServiceProvider, ILoggerFactory {
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();

    @Override
    public org.slf4j.Logger getLogger(String name) {
      return new Logger(name);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
      return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
      return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
      return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
      return "2.0.99";
    }

    @Override
    public void initialize() {
      // Nothing to prepare.
    }
  }

  private static final class Logger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    Logger(String name) {
      this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
      return open != null;
    }

    @Override
    public boolean isDebugEnabled() {
      return open != null;
    }

    @Override
    public boolean isInfoEnabled() {
      return open != null;
    }

    @Override
    public boolean isWarnEnabled() {
      return open != null;
    }

    @Override
    public boolean isErrorEnabled() {
      return open != null;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
      CapturedLog log = open;
      if (log != null) {
        StringWriter line = new StringWriter();
        line.append(level + " " + name + " ")
            .append(MessageFormatter.basicArrayFormat(message, arguments));
        if (throwable != null) {
          throwable.printStackTrace(new PrintWriter(line.append("\n"), true));
        }
        log.lines.add(line.toString());
      }
    }
  }
}
