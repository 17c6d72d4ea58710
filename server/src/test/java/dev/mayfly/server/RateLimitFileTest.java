package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.grpc.RateLimit;
import dev.mayfly.grpc.RateLimitRule;
import dev.mayfly.grpc.RateLimitRule.Entry;
import dev.mayfly.grpc.RateLimitRules;
import dev.mayfly.grpc.RateLimitRules.Domain;
import dev.mayfly.store.Limit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitFileTest {
  private static final String RULES =
      """
      domain: edge
      shadow_mode: false
      headers: { limit: X-Limit, retry_after: Retry-After }
      descriptors:
        - key: ip
          rate_limit: { unit: minute, requests_per_unit: 10 }
        - key: ip
          value: 10.*
          rate_limit: { unlimited: true }
        - key: type
          value: marketing
          shadow_mode: true
          descriptors:
            - key: number
              rate_limit:
                name: few
                unit: DAY
                requests_per_unit: 5
                algorithm: token_bucket
                replaces: [{ name: many }]
              response_headers: { X-Why: too many }
      ---
      domain: other
      descriptors: []
      """;

  private static RateLimitRule find(Domain domain, String key, String value) {
    Entry entry = new Entry(key, value);
    RateLimitRule rule = domain.rules().exact().get(entry);
    return rule != null ? rule : Objects.requireNonNull(domain.rules().anyValue().get(key));
  }

  @Test
  void rules_ofEachDomain_areRead() {
    RateLimitRules rules = RateLimitFile.parse(RULES);

    assertThat(rules.domains()).containsOnlyKeys("edge", "other");
    Domain edge = Objects.requireNonNull(rules.domains().get("edge"));
    assertThat(edge.headers().limit()).isEqualTo("X-Limit");
    assertThat(edge.headers().reset()).isNull();
    assertThat(find(edge, "ip", "1").limit())
        .isEqualTo(RateLimit.of("", 10, RateLimit.Unit.MINUTE));
    assertThat(edge.rules().prefixes().getFirst().entry()).isEqualTo(new Entry("ip", "10."));
    assertThat(edge.rules().prefixes().getFirst().rule().limit()).isNull();
    RateLimitRule marketing = find(edge, "type", "marketing");
    assertThat(marketing.shadow()).isTrue();
    RateLimitRule number = Objects.requireNonNull(marketing.below().anyValue().get("number"));
    assertThat(number.replaces()).containsExactly("many");
    assertThat(number.headers()).containsEntry("X-Why", "too many");
    assertThat(number.limit())
        .isEqualTo(new RateLimit("few", 5, RateLimit.Unit.DAY, Limit.Kind.TOKEN_BUCKET, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "descriptors: []|no domain: expected one",
        "domain: a\\ndescriptors: 1|descriptors: expected a list",
        "domain: a\\nrules: []|'rules' means nothing: expected domain",
        "domain: a\\ndescriptors: [{value: b}]|descriptors[0]: no key: expected one",
        "domain: a\\ndescriptors: [{key: b}, {key: b}]|descriptors[1]: key and value are there"
            + " twice",
        "domain: a\\ndescriptors: [{key: b, rate_limit: {unit: minute}}]"
            + "|descriptors[0].rate_limit: no requests_per_unit: expected one",
        "domain: a\\ndescriptors: [{key: b, rate_limit: {unit: eon, requests_per_unit: 1}}]"
            + "|descriptors[0].rate_limit: unit 'eon': expected",
        "domain: a\\ndescriptors: [{key: b, rate_limit: {unit: day, requests_per_unit: -1}}]"
            + "|requests_per_unit -1: expected 0 or more",
        "domain: a\\ndescriptors: [{key: b, rate_limit: {unit: day, requests_per_unit: x}}]"
            + "|requests_per_unit 'x': expected a whole number",
        "domain: a\\ndescriptors: [{key: b, rate_limit: {unit: day, requests_per_unit: 1,"
            + " algorithm: leaky}}]|algorithm 'leaky'",
        "domain: a\\ndescriptors: [{key: b, shadow_mode: maybe}]|shadow_mode 'maybe'",
        "domain: a\\n---\\ndomain: a|domain 'a' is there twice",
        "[|no YAML",
        "a|expected names and values",
        "# nothing|no rules",
      })
  void mistakes_areToldWithTheirPlace(String text, String message) {
    assertThatThrownBy(() -> RateLimitFile.parse(text.replace("\\n", "\n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void file_thatChanges_isReadAgain_andOneThatIsBadIsNot(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("rules.yaml"), RULES);
    RateLimitReload reload = new RateLimitReload(file.toString(), true);
    assertThat(reload.rules().shadow()).isTrue();
    assertThat(reload.look(file)).isFalse();

    Files.writeString(file, "domain: third");
    assertThat(reload.look(file)).isTrue();
    Files.writeString(file, "domain: [");
    assertThat(reload.look(file)).isFalse();
    assertThat(reload.look(file)).isFalse();
    Files.delete(file);
    assertThat(reload.look(file)).isFalse();

    assertThat(reload.rules().domains()).containsOnlyKeys("third");
    assertThat(reload.loaded()).isEqualTo(2);
    assertThat(reload.failed()).isEqualTo(2);
    Files.writeString(file, RULES);
    assertThat(reload.look(file)).isTrue();
    assertThat(reload.rules().domains()).containsOnlyKeys("edge", "other");
  }

  @Test
  void file_thatIsBadAtTheStart_stopsIt(@TempDir Path folder) {
    assertThatThrownBy(() -> new RateLimitReload(folder.resolve("none").toString(), false))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("ratelimit.rules");
  }
}
