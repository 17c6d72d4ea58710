package dev.mayfly.balancer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files, connections among them, this process may have open. Stateless. */
final class OpenFiles {
  private static final Logger LOG = Logger.getLogger(OpenFiles.class.getName());
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern SOFT = Pattern.compile("(?m)^Max open files +(\\d+) ");

  /** What a balancer has open beside its clients' connections and their backends'. */
  private static final int OTHERS = 200;

  private OpenFiles() {}

  /** Warns where the system allows fewer than the limits may need. */
  static void warnIfFew(BalancerConfig config) {
    long datagrams = config.udp() == null ? 0 : config.limits().udpClientsMax();
    long needed = 2L * config.limits().connectionsMax() + datagrams + OTHERS;
    long allowed = allowed().orElse(Long.MAX_VALUE);
    if (allowed < needed) {
      LOG.log(
          Level.WARNING,
          "fewer open files are allowed than so many clients need: expected a higher ulimit -n",
          new Object[] {"allowed", allowed, "needed", needed});
    }
  }

  private static OptionalLong allowed() {
    try {
      return soft(Files.readString(LIMITS));
    } catch (IOException otherSystem) {
      return OptionalLong.empty();
    }
  }

  /** The limit in force, in what the system tells of a process; none if there is no limit. */
  static OptionalLong soft(String limits) {
    Matcher found = SOFT.matcher(limits);
    return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
  }
}
