package dev.mayfly.cli;

import dev.mayfly.balancer.Balancer;
import dev.mayfly.balancer.BalancerConfig;
import dev.mayfly.balancer.Discovery;
import dev.mayfly.server.LogFormat;
import dev.mayfly.server.LogLevel;
import dev.mayfly.server.MayflyConfig;
import dev.mayfly.server.ServerLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;

/** {@code mayfly balance}: a process of its own, which knows no store. */
final class BalanceCommand implements Command {
  private static final Logger LOG = Logger.getLogger(BalanceCommand.class.getName());

  @Override
  public String name() {
    return "balance";
  }

  @Override
  public String summary() {
    return "Pass connections on to several servers until a signal stops it.";
  }

  @Override
  public Syntax syntax() {
    return new Syntax(BalanceOptions.ALL, List.of());
  }

  @Override
  public List<String> details() {
    return List.of(
        "",
        "Backends come from one of --backend, --dns, --file and --docker. SIGTERM and SIGINT stop"
            + " it: nothing new is taken, and connections may finish within --drain-time.",
        "Where no option says otherwise, the environment does: SERVICE_PORT is the port to listen"
            + " on, GROUP_NAME, GROUP_PORT and DOCKER_API_LOCATION say which containers are"
            + " backends, and SHOW_ERRORS=true logs each failed connection.");
  }

  @Override
  public boolean takesRawWords() {
    return true;
  }

  @Override
  public int run(Session session) throws IOException {
    BalanceWords words = BalanceWords.parse(session.arguments().parameters());
    BalanceSettings settings = new BalanceSettings(words, session.streams().environment());
    BalancerConfig config = settings.config();
    MayflyConfig.Log log = log(words, settings);
    Discovery discovery = discovery(settings);
    PrintStream err = new PrintStream(session.streams().err(), true, StandardCharsets.UTF_8);
    ServerLog installed = ServerLog.install(log, err);
    Balancer balancer;
    try {
      balancer = Balancer.start(config, discovery);
    } catch (IOException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
    stopOnSignal(balancer, installed);
    announce(session, config, balancer);
    return await();
  }

  private static Discovery discovery(BalanceSettings settings) throws IOException {
    try {
      return settings.discovery();
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static MayflyConfig.Log log(BalanceWords words, BalanceSettings settings) {
    String shows = settings.environment().getOrDefault("SHOW_ERRORS", "");
    boolean showsErrors = !shows.isEmpty() && !shows.equals("false") && !shows.equals("0");
    String named = words.value(Syntax.LOG_LEVEL);
    String level = named == null ? (showsErrors ? "DEBUG" : "INFO") : named;
    LogFormat format = words.has(Syntax.LOG_JSON) ? LogFormat.JSON : LogFormat.TEXT;
    try {
      return new MayflyConfig.Log(LogLevel.valueOf(level.toUpperCase(Locale.ROOT)), format);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "invalid log level '" + level + "': expected DEBUG, INFO, NOTICE, WARN or ERROR", e);
    }
  }

  private static void announce(Session session, BalancerConfig config, Balancer balancer)
      throws IOException {
    StringBuilder text = new StringBuilder("mayfly balance ").append(Version.text()).append('\n');
    text.append("  connections  ").append(balancer.address()).append('\n');
    if (config.udp() != null) {
      text.append("  datagrams    ").append(balancer.udpAddress()).append('\n');
    }
    if (config.monitor() != null) {
      text.append("  monitor      http://").append(balancer.monitorAddress()).append('\n');
    }
    session.out().text(text.append("ready\n").toString());
    session.out().flush();
  }

  /** The virtual machine turns the signals into shutdown hooks, and would end with another code. */
  private static void stopOnSignal(Balancer balancer, ServerLog log) {
    Thread hook =
        new Thread(
            () -> {
              log.keep();
              LOG.info("stopping");
              balancer.stop();
              LOG.info("stopped");
              Runtime.getRuntime().halt(Program.DONE);
            },
            "mayfly-balance-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static int await() {
    try {
      new CountDownLatch(1).await();
      return Program.DONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Program.FAILED;
    }
  }
}
