package dev.mayfly.cli;

import dev.mayfly.client.SetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code mayfly load}.
 *
 * <p>An interrupt (Ctrl-C) ends it in order: what is on its way is still counted and summed up.
 */
final class LoadCommand implements Command {
  /** More than the longest key and the largest value that a server may be told to take. */
  private static final int LINE_BYTES_MAX = 16 * 1024 * 1024;

  private static final long STOP_MILLIS = 5000;

  @Override
  public String name() {
    return "load";
  }

  @Override
  public String summary() {
    return "Set many keys, from key=value arguments or lines of standard input.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(SetCommand.LIFESPAN, SetCommand.LOCK),
        Parameter.any(
            "KEY=VALUE",
            "Split at the first '='; without one the value is empty. Lines of standard input if"
                + " there are no arguments; empty lines are passed over."));
  }

  @Override
  public List<String> details() {
    return List.of(
        "",
        "Each key that fails is reported on standard error, up to 100; then they are counted only.",
        "At the end the sums are printed: {\"loaded\":2,\"failed\":0}. The exit code is 1 if any"
            + " key failed.");
  }

  @Override
  public int run(Session session) throws IOException {
    Streams streams = session.streams();
    List<String> words = session.arguments().parameters();
    SetOptions options = SetCommand.options(session.arguments());
    if (words.isEmpty() && streams.isInTerminal()) {
      throw new UsageException("nothing to load: expected KEY=VALUE, or lines on standard input");
    }
    LoadTally tally = new LoadTally(session.diagnostics());
    LineReader lines = new LineReader(streams.in(), LINE_BYTES_MAX);
    Loader loader = new Loader(session.client(), options, tally);
    long total = words.isEmpty() ? streams.inputBytes() : words.size();
    DoubleSupplier fraction =
        () ->
            total == 0 ? -1 : (double) (words.isEmpty() ? lines.bytesRead() : tally.done()) / total;
    boolean drawn = streams.isErrTerminal() && session.diagnostics().showsProgress();
    @Nullable LoadProgress progress =
        drawn ? new LoadProgress(session.diagnostics(), tally, fraction, streams.clock()) : null;
    AtomicBoolean summed = new AtomicBoolean();
    Thread onInterrupt =
        new Thread(() -> interrupted(session, loader, tally, summed), "mayfly-load-interrupt");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    if (progress != null) {
      progress.start();
    }
    try (progress) {
      send(words, lines, loader, tally);
    }
    if (!summed.compareAndSet(false, true)) {
      return Program.FAILED;
    }
    session.print(tally.summary());
    removeHook(onInterrupt);
    return tally.isClean() ? Program.DONE : Program.FAILED;
  }

  private static void send(List<String> words, LineReader lines, Loader loader, LoadTally tally)
      throws IOException {
    try {
      if (words.isEmpty()) {
        loader.load(lines);
      } else {
        for (String word : words) {
          loader.add(word.getBytes(StandardCharsets.UTF_8));
        }
      }
      loader.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tally.stop();
    } catch (IOException e) {
      tally.stop();
      throw e;
    }
  }

  private static void interrupted(
      Session session, Loader loader, LoadTally tally, AtomicBoolean summed) {
    tally.stop();
    try {
      loader.join(STOP_MILLIS);
      if (summed.compareAndSet(false, true)) {
        session.print(tally.summary());
        session.out().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      session.diagnostics().error(String.valueOf(e.getMessage()));
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
