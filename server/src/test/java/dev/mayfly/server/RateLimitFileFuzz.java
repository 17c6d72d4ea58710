package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mayfly.grpc.RateLimitRules;
import java.nio.charset.StandardCharsets;

/**
 * The rules file against any bytes: it is read, or refused with a reason. Run with {@code make
 * fuzz}; a plain test run tries the corpus alone.
 */
class RateLimitFileFuzz {
  @FuzzTest(maxDuration = "1m")
  void rules_anyText_areReadOrRefused(byte[] input) {
    RateLimitRules rules;
    try {
      rules = RateLimitFile.parse(new String(input, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(rules.domains()).isNotEmpty();
  }
}
