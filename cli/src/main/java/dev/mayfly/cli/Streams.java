package dev.mayfly.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/**
 * What a command sees of its process: the standard streams, whether people sit at their other ends,
 * the environment and the clock.
 *
 * <p>The streams are for one thread at a time. Borrows them; a test gives its own.
 *
 * @param inputBytes how much standard input holds, 0 if that is not known
 */
record Streams(
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean isInTerminal,
    boolean isErrTerminal,
    long inputBytes,
    Map<String, String> environment,
    InstantSource clock) {

  private static final int BUFFER_BYTES = 32 * 1024;

  /** Those of this process. */
  static Streams ofProcess() {
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    return new Streams(
        in,
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
        new FileOutputStream(FileDescriptor.err),
        isTerminal(0),
        isTerminal(2),
        size(in),
        System.getenv(),
        InstantSource.system());
  }

  /** Asks the kernel where it says so, else settles for the console, which is input and output. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException notLinux) {
      return Objects.requireNonNull(System.console()).isTerminal();
    }
  }

  private static long size(FileInputStream in) {
    try {
      return in.getChannel().size();
    } catch (IOException notSeekable) {
      return 0;
    }
  }
}
