package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
  private static final long KIB = 1024;

  @TempDir Path root;

  @Test
  void bytes_noGroupLimit_isTheMachines() throws IOException {
    write("proc/meminfo", "MemTotal:       2048 kB\nMemFree: 3 kB\n");
    write("proc/self/cgroup", "0::/a\n");
    write("sys/fs/cgroup/a/memory.max", "max\n");

    assertThat(new ProcessMemory(root).bytes()).isEqualTo(2048 * KIB);
  }

  @Test
  void bytes_limitOfAnOuterGroup_counts() throws IOException {
    write("proc/meminfo", "MemTotal: 2048 kB\n");
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/b/memory.max", "1000000\n");
    write("sys/fs/cgroup/a/memory.max", "500000\n");

    assertThat(new ProcessMemory(root).bytes()).isEqualTo(500_000);
  }

  @Test
  void bytes_insideAContainer_readsTheLimitAtTheTop() throws IOException {
    write("proc/meminfo", "MemTotal: 2048 kB\n");
    write("proc/self/cgroup", "0::/../../elsewhere\n");
    write("sys/fs/cgroup/memory.max", "400000\n");

    assertThat(new ProcessMemory(root).bytes()).isEqualTo(400_000);
  }

  @Test
  void bytes_firstVersionGroups_areRead() throws IOException {
    write("proc/meminfo", "MemTotal: 2048 kB\n");
    write("proc/self/cgroup", "5:cpu:/x\n4:hugetlb,memory:/docker/1\n");
    write("sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "300000\n");

    assertThat(new ProcessMemory(root).bytes()).isEqualTo(300_000);
  }

  @Test
  void bytes_noLinux_isUnknown() {
    assertThat(new ProcessMemory(root).bytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void ofProcess_here_isPlausible() {
    assertThat(ProcessMemory.ofProcess().bytes()).isBetween(16L << 20, 1L << 50);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
