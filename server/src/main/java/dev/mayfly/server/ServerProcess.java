package dev.mayfly.server;

import dev.mayfly.engine.MemoryKeyspace;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Logger;

/**
 * A server that is the whole process: it takes its configuration from the command line and the
 * surroundings, logs to standard error, and stops on SIGTERM, SIGINT and SIGHUP with exit code 0,
 * or 1 where the journal could not keep everything.
 *
 * <p>Confined to the main thread.
 */
public final class ServerProcess {
  /** The exit code of a server that could not start, or not keep what it had when it stopped. */
  public static final int FAILED = 1;

  /** The exit code for a configuration that cannot be used. */
  public static final int MISUSED = 2;

  private final PrintStream out;
  private final PrintStream err;

  /** A process that prints its start block and its log there. */
  public ServerProcess(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a server and waits until a signal stops the process, or an operator asks for the stop
   * through a door; returns if that happens, or if it cannot start.
   *
   * @param words the command line after the command's name
   * @return the exit code
   */
  public int run(List<String> words) {
    // What takes longest and needs no configuration, while that is read.
    EventLoops.prepare();
    Thread.ofPlatform().daemon().name("mayfly-prepare").start(ServerProcess::prepareEngine);
    LoadedConfig loaded;
    try {
      loaded = new ConfigLoader(Surroundings.ofProcess()).load(FlagWords.parse(words));
    } catch (ConfigException e) {
      err.println(e.getMessage());
      return MISUSED;
    }
    MayflyConfig config = loaded.config();
    ServerLog log = ServerLog.install(config.log(), err);
    MayflyServer server;
    try {
      server = MayflyServer.start(config);
    } catch (StartException e) {
      err.println(e.getMessage());
      if (e.isFault()) {
        log().log(LogLevel.ERROR.level(), "could not start", e);
      }
      return FAILED;
    }
    stopOnSignal(server, log);
    announce(new StartBlock(loaded, server), config.log().format());
    return await(server);
  }

  private static void prepareEngine() {
    try {
      MemoryKeyspace.prepare();
    } catch (RuntimeException | Error e) {
      // The start itself fails for the same reason, and is the one to tell of it.
      log().log(LogLevel.DEBUG.level(), "could not prepare the engine", e);
    }
  }

  private void announce(StartBlock block, LogFormat format) {
    if (format == LogFormat.TEXT) {
      out.print(block.render());
      out.flush();
      return;
    }
    block.warnings().forEach(log()::warning);
    log().log(LogLevel.NOTICE.level(), "ready", block.pairs());
  }

  /**
   * The virtual machine turns the signals into shutdown hooks, and would end with another code than
   * 0 after them.
   */
  private void stopOnSignal(MayflyServer server, ServerLog log) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.keep();
                  log().log(LogLevel.NOTICE.level(), "stopping");
                  server.stop();
                  log().log(LogLevel.NOTICE.level(), "stopped");
                  Runtime.getRuntime().halt(codeOf(server));
                },
                "mayfly-stop"));
  }

  private static int codeOf(MayflyServer server) {
    return server.hasLost() ? FAILED : 0;
  }

  /** Not before it is needed: the first logger takes tens of milliseconds of a start. */
  private static Logger log() {
    return Logger.getLogger(ServerProcess.class.getName());
  }

  private static int await(MayflyServer server) {
    try {
      server.awaitStop();
      return codeOf(server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }
}
