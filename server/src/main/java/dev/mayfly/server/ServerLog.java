package dev.mayfly.server;

import dev.mayfly.grpc.TransportLog;
import dev.mayfly.store.SystemTime;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sends everything that this process logs, by {@code System.Logger} or {@code java.util.logging},
 * to one stream in one form.
 *
 * <p>A message is a fixed text; what varies follows as parameters, names and values in turn: {@code
 * log(WARNING, "connection closed", "peer", peer)}. Keep the object for as long as it should hold;
 * only a process of its own installs it, an embedded server leaves logging to its host.
 */
public final class ServerLog {
  /** Libraries tell little of use below INFO, and much of it. */
  private static final List<String> QUIET = List.of("io.netty", "io.vertx", "io.micrometer");

  /** Held, since the log manager forgets loggers that nobody holds, and their levels with them. */
  private final List<Logger> quieted;

  private final LogHandler handler;

  private ServerLog(List<Logger> quieted, LogHandler handler) {
    this.quieted = quieted;
    this.handler = handler;
  }

  /** Replaces whatever handled log records before. */
  public static ServerLog install(MayflyConfig.Log config, PrintStream out) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    Level level = config.level().level();
    LogHandler handler = new LogHandler(config.format(), out);
    handler.setLevel(level);
    handler.setFilter(new TransportLog(new SystemTime()));
    root.addHandler(handler);
    root.setLevel(level);
    boolean quiet = level.intValue() < Level.INFO.intValue();
    List<Logger> loggers = QUIET.stream().map(Logger::getLogger).toList();
    loggers.forEach(logger -> logger.setLevel(quiet ? Level.INFO : level));
    return new ServerLog(loggers, handler);
  }

  /** Goes on logging while the process shuts down, when the log manager's own hook would end it. */
  public void keep() {
    handler.keep();
  }

  /** How many library loggers have a level of their own. */
  int quieted() {
    return quieted.size();
  }
}
