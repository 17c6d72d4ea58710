package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {
  @Test
  void limits_asTheSystemTellsThem_areRead() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96000                96000                processes
        Max open files            1024                 524288               files
        """;

    assertThat(OpenFiles.soft(limits)).hasValue(1024);
    assertThat(OpenFiles.soft(limits.replace("1024 ", "unlimited "))).isEmpty();
    assertThat(OpenFiles.soft("")).isEmpty();
  }
}
