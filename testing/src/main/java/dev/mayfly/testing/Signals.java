package dev.mayfly.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** What a process does with signals, as Linux tells in {@code /proc}. */
public final class Signals {
  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private Signals() {}

  /**
   * Whether a process ignores a signal. It inherits that from a parent such as {@code nohup} or a
   * shell's background job, and a Java program then does nothing about it.
   *
   * @param signal {@code HUP}, {@code INT} or {@code TERM}
   * @return false where there is no {@code /proc}
   */
  public static boolean ignored(long pid, String signal) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    int bit = Objects.requireNonNull(NUMBERS.get(signal), signal) - 1;
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> new BigInteger(line.substring("SigIgn:".length()).strip(), 16))
            .anyMatch(mask -> mask.testBit(bit));
  }
}
