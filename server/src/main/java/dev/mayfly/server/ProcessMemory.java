package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory this process may use: the machine's, or what a control group leaves of it.
 *
 * <p>On Linux it reads the kernel's files itself, since the management classes that know it too
 * would add to the start. Immutable.
 */
final class ProcessMemory {
  private final Path root;

  /** {@code root} is where {@code proc} and {@code sys} are found. */
  ProcessMemory(Path root) {
    this.root = root;
  }

  static ByteSize ofProcess() {
    long bytes = new ProcessMemory(Path.of("/")).bytes();
    return new ByteSize(bytes == Long.MAX_VALUE ? ofManagement() : bytes);
  }

  /** Long.MAX_VALUE if this is no Linux. */
  long bytes() {
    long least = machineBytes();
    for (String line : lines("proc/self/cgroup")) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        least = Math.min(least, limit("sys/fs/cgroup", parts[2], "memory.max"));
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
        least = Math.min(least, limit("sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes"));
      }
    }
    return least;
  }

  /** The least limit on the way from the group up to the mount; a group inherits them all. */
  private long limit(String mount, String group, String file) {
    long least = Long.MAX_VALUE;
    Path top = root.resolve(mount);
    // Inside a container the path may be the host's and lead nowhere: its own limit is at the top.
    Path inner = top.resolve(group.replaceFirst("^/+", "")).normalize();
    Path at = inner.startsWith(top) ? inner : top;
    while (at != null && at.startsWith(top)) {
      least = Math.min(least, number(at.resolve(file)));
      at = at.getParent();
    }
    return least;
  }

  private long machineBytes() {
    for (String line : lines("proc/meminfo")) {
      if (line.startsWith("MemTotal:")) {
        long kibibytes = parsed(line.replaceAll("\\D", ""));
        return kibibytes > Long.MAX_VALUE / 1024 ? Long.MAX_VALUE : kibibytes * 1024;
      }
    }
    return Long.MAX_VALUE;
  }

  private long number(Path file) {
    List<String> lines = lines(root.relativize(file).toString());
    return lines.isEmpty() ? Long.MAX_VALUE : parsed(lines.getFirst().strip());
  }

  private static long parsed(String digits) {
    boolean number = !digits.isEmpty() && digits.length() <= 15;
    return number && digits.chars().allMatch(Character::isDigit)
        ? Long.parseLong(digits)
        : Long.MAX_VALUE;
  }

  private List<String> lines(String file) {
    Path path = root.resolve(file);
    try {
      return Files.isReadable(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      // A limit that cannot be read is no limit we could keep to.
      return List.of();
    }
  }

  private static long ofManagement() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }
}
