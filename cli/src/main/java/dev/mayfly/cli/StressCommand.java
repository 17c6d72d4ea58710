package dev.mayfly.cli;

import dev.mayfly.stress.Objective;
import dev.mayfly.stress.StressPlan;
import dev.mayfly.stress.StressReport;
import dev.mayfly.stress.StressRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code mayfly stress}.
 *
 * <p>An interrupt (Ctrl-C) ends it in order: what was answered until then is reported.
 */
final class StressCommand implements Command {
  private static final String STANDARD_OUTPUT = "-";
  private static final long STOP_MILLIS = 2000;

  @Override
  public String name() {
    return "stress";
  }

  @Override
  public String summary() {
    return "Put load on a server through one of its doors, and report how it did.";
  }

  @Override
  public Syntax syntax() {
    return new Syntax(StressOptions.ALL, List.of());
  }

  @Override
  public List<String> details() {
    return List.of(
        "",
        "Before the load the server is asked for one key; if it does not answer, nothing is sent.",
        "The exit code is 1 if a term of --objective does not hold, or nothing was answered.");
  }

  @Override
  public int run(Session session) throws IOException {
    Arguments arguments = session.arguments();
    StressPlan plan = new StressSettings(arguments, session.streams().environment()).plan();
    String terms = arguments.value(StressOptions.OBJECTIVE);
    @Nullable Objective objective = terms == null ? null : Objective.parse(terms);
    requireFolder(arguments.value(StressOptions.JSON));
    requireFolder(arguments.value(StressOptions.HTML));
    StressRun run = new StressRun(plan);
    CountDownLatch told = new CountDownLatch(1);
    long patience = plan.timeout().toMillis() + STOP_MILLIS;
    Thread onInterrupt = new Thread(() -> stop(run, told, patience), "mayfly-stress-interrupt");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try {
      StressReport report = run(session, run, plan);
      List<Objective.Verdict> verdicts = objective == null ? List.of() : objective.check(report);
      tell(session, report, verdicts);
      boolean isMet = verdicts.stream().allMatch(Objective.Verdict::isMet);
      return isMet && report.answered() > 0 ? Program.DONE : Program.FAILED;
    } finally {
      told.countDown();
      removeHook(onInterrupt);
    }
  }

  private static void requireFolder(@Nullable String file) {
    if (file == null || file.equals(STANDARD_OUTPUT)) {
      return;
    }
    Path path = Path.of(file).toAbsolutePath();
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(path)) {
      throw new UsageException("cannot write '" + file + "': expected a file in a folder");
    }
  }

  private static StressReport run(Session session, StressRun run, StressPlan plan) {
    boolean isTold = session.diagnostics().showsProgress();
    @Nullable StressProgress progress =
        isTold
            ? new StressProgress(session.diagnostics(), run, session.streams().isErrTerminal())
            : null;
    if (progress != null) {
      progress.start(plan);
    }
    try (progress) {
      return run.run();
    } catch (IOException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private static void tell(Session session, StressReport report, List<Objective.Verdict> verdicts)
      throws IOException {
    String json = session.arguments().value(StressOptions.JSON);
    String html = session.arguments().value(StressOptions.HTML);
    if (STANDARD_OUTPUT.equals(json)) {
      session.print(report.json(verdicts));
    } else {
      session.out().text(report.text(verdicts));
    }
    session.out().flush();
    if (json != null && !json.equals(STANDARD_OUTPUT)) {
      write(json, report.json(verdicts) + "\n");
    }
    if (html != null) {
      write(html, report.html(verdicts));
    }
  }

  private static void write(String file, String text) {
    try {
      Files.writeString(Path.of(file), text);
    } catch (IOException e) {
      throw new CommandException("cannot write '" + file + "': " + e.getMessage(), e);
    }
  }

  private static void stop(StressRun run, CountDownLatch told, long patienceMillis) {
    run.stop();
    try {
      if (!told.await(patienceMillis, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAnyway) {
      return;
    }
  }
}
