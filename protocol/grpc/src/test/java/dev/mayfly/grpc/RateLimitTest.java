package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UInt64Value;
import dev.mayfly.api.envoy.config.core.v3.HeaderValue;
import dev.mayfly.api.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import dev.mayfly.api.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitRequest;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitServiceGrpc.RateLimitServiceBlockingStub;
import dev.mayfly.api.envoy.type.v3.RateLimitUnit;
import dev.mayfly.grpc.RateLimit.Unit;
import dev.mayfly.grpc.RateLimitRule.Branch;
import dev.mayfly.grpc.RateLimitRule.Entry;
import dev.mayfly.grpc.RateLimitRule.Prefixed;
import dev.mayfly.grpc.RateLimitRules.Domain;
import dev.mayfly.grpc.RateLimitRules.Headers;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Envoy's rate limit service, asked without a client id, as Envoy asks. */
@Timeout(120)
final class RateLimitTest {
  private static final RateLimitRule TWO = rule(RateLimit.of("two", 2, Unit.MINUTE));
  private static final RateLimitRule NOBODY = rule(RateLimit.of("nobody", 0, Unit.DAY));

  private final TestDoor door = TestDoor.open();
  private final RateLimitServiceBlockingStub envoy =
      RateLimitServiceGrpc.newBlockingStub(door.channel());

  @BeforeEach
  void rules() {
    rules(
        new Branch(
            Map.of(
                new Entry("ip", "10.0.0.1"), rule(null),
                new Entry("ip", "6.6.6.6"), NOBODY,
                new Entry("type", "marketing"), below("number", TWO),
                new Entry("path", "/new"), replacing("two"),
                new Entry("path", "/tried"), shadow(RateLimit.of("tried", 1, Unit.HOUR))),
            List.of(new Prefixed(new Entry("ip", "10."), rule(RateLimit.of("", 9, Unit.HOUR)))),
            Map.of("ip", TWO, "user", rule(RateLimit.of("user", 1, Unit.SECOND)))),
        Headers.NONE);
  }

  private void rules(Branch branch, Headers headers) {
    door.rules = new RateLimitRules(Map.of("edge", new Domain(false, headers, branch)), false);
  }

  private static RateLimitRule rule(@Nullable RateLimit limit) {
    return new RateLimitRule(limit, false, Set.of(), Map.of("x-rule", "r"), Branch.NONE);
  }

  private static RateLimitRule shadow(RateLimit limit) {
    return new RateLimitRule(limit, true, Set.of(), Map.of(), Branch.NONE);
  }

  private static RateLimitRule below(String key, RateLimitRule next) {
    Branch branch = new Branch(Map.of(), List.of(), Map.of(key, next));
    return new RateLimitRule(null, false, Set.of(), Map.of(), branch);
  }

  private static RateLimitRule replacing(String name) {
    RateLimit limit = RateLimit.of("new", 100, Unit.MINUTE);
    return new RateLimitRule(limit, false, Set.of(name), Map.of(), Branch.NONE);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private static RateLimitDescriptor.Builder descriptor(String... keysAndValues) {
    RateLimitDescriptor.Builder descriptor = RateLimitDescriptor.newBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      descriptor.addEntriesBuilder().setKey(keysAndValues[i]).setValue(keysAndValues[i + 1]);
    }
    return descriptor;
  }

  private RateLimitResponse ask(int hits, RateLimitDescriptor.Builder... descriptors) {
    RateLimitRequest.Builder request =
        RateLimitRequest.newBuilder().setDomain("edge").setHitsAddend(hits);
    for (RateLimitDescriptor.Builder descriptor : descriptors) {
      request.addDescriptors(descriptor);
    }
    return envoy.shouldRateLimit(request.build());
  }

  private RateLimitResponse ask(String... keysAndValues) {
    return ask(0, descriptor(keysAndValues));
  }

  @Test
  void limit_holdsForEachValue_untilItsUnitIsOver() {
    RateLimitResponse first = ask("ip", "1.1.1.1");

    assertThat(first.getOverallCode()).isEqualTo(Code.OK);
    RateLimitResponse.DescriptorStatus status = first.getStatuses(0);
    assertThat(status.getCurrentLimit().getName()).isEqualTo("two");
    assertThat(status.getCurrentLimit().getRequestsPerUnit()).isEqualTo(2);
    assertThat(status.getCurrentLimit().getUnit())
        .isEqualTo(RateLimitResponse.RateLimit.Unit.MINUTE);
    assertThat(status.getLimitRemaining()).isEqualTo(1);
    assertThat(status.getDurationUntilReset().getSeconds()).isEqualTo(60);
    assertThat(ask("ip", "1.1.1.1").getOverallCode()).isEqualTo(Code.OK);
    assertThat(ask("ip", "1.1.1.1").getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(ask("ip", "1.1.1.2").getOverallCode()).isEqualTo(Code.OK);
    door.time.advance(60_000);
    assertThat(ask("ip", "1.1.1.1").getOverallCode()).isEqualTo(Code.OK);
    assertThat(door.rateLimits.allowed()).isEqualTo(4);
    assertThat(door.rateLimits.overLimit()).isEqualTo(1);
  }

  @Test
  void rules_theMostSpecificHolds_atTheDescriptorsEnd() {
    assertThat(ask("ip", "10.0.0.1").getStatuses(0).hasCurrentLimit()).isFalse();
    assertThat(ask("ip", "10.0.0.2").getStatuses(0).getCurrentLimit().getRequestsPerUnit())
        .isEqualTo(9);
    assertThat(ask("ip", "6.6.6.6").getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(ask("type", "marketing").getStatuses(0).hasCurrentLimit()).isFalse();
    assertThat(ask("type", "marketing", "number", "1").getStatuses(0).getLimitRemaining())
        .isEqualTo(1);
    assertThat(ask("type", "other", "number", "1").getStatuses(0).hasCurrentLimit()).isFalse();
    assertThat(ask("number", "1").getStatuses(0).hasCurrentLimit()).isFalse();
    assertThat(door.rateLimits.unmatched()).isEqualTo(2);
  }

  @Test
  void descriptors_eachHasItsStatus_andOneOverIsEnough() {
    RateLimitDescriptor.Builder user = descriptor("user", "alice");
    ask(0, user);

    RateLimitResponse response = ask(0, descriptor("ip", "1.1.1.1"), user, descriptor("x", "y"));

    assertThat(response.getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(response.getStatusesList())
        .extracting(RateLimitResponse.DescriptorStatus::getCode)
        .containsExactly(Code.OK, Code.OVER_LIMIT, Code.OK);
    assertThat(response.getResponseHeadersToAddList())
        .containsExactly(HeaderValue.newBuilder().setKey("x-rule").setValue("r").build());
  }

  @Test
  void hits_countAsManyAsTheySay() {
    assertThat(ask(2, descriptor("ip", "1.1.1.1")).getStatuses(0).getLimitRemaining()).isZero();
    assertThat(ask(3, descriptor("ip", "1.1.1.2")).getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(ask(-1, descriptor("ip", "1.1.1.2")).getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    RateLimitDescriptor.Builder own = descriptor("ip", "1.1.1.3").setHitsAddend(UInt64Value.of(2));
    assertThat(ask(1, own).getStatuses(0).getLimitRemaining()).isZero();
    RateLimitDescriptor.Builder none = descriptor("ip", "1.1.1.4").setHitsAddend(UInt64Value.of(0));
    assertThat(ask(1, none).getStatuses(0).getLimitRemaining()).isEqualTo(2);
    assertThat(ask(1, none).getStatuses(0).getLimitRemaining()).isEqualTo(2);
  }

  @Test
  void override_holdsInsteadOfTheRules() {
    RateLimitOverride.Builder five =
        RateLimitOverride.newBuilder().setRequestsPerUnit(5).setUnit(RateLimitUnit.HOUR);

    RateLimitResponse.DescriptorStatus status =
        ask(1, descriptor("ip", "1.1.1.1").setLimit(five)).getStatuses(0);

    assertThat(status.getCurrentLimit().getRequestsPerUnit()).isEqualTo(5);
    assertThat(status.getCurrentLimit().getUnit()).isEqualTo(RateLimitResponse.RateLimit.Unit.HOUR);
    assertThat(status.getLimitRemaining()).isEqualTo(4);
    assertThat(ask(1, descriptor("no", "rule").setLimit(five)).getStatuses(0).getLimitRemaining())
        .isEqualTo(4);
    RateLimitOverride.Builder none = five.clone().setUnit(RateLimitUnit.UNKNOWN);
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "unit of a rate limit override: expected SECOND to YEAR",
        () -> ask(1, descriptor("a", "b").setLimit(none)));
  }

  @Test
  void shadow_letsGoOn_andCounts() {
    ask("path", "/tried");

    RateLimitResponse over = ask("path", "/tried");

    assertThat(over.getOverallCode()).isEqualTo(Code.OK);
    assertThat(over.getStatuses(0).getCode()).isEqualTo(Code.OK);
    assertThat(door.rateLimits.shadowed()).isEqualTo(1);
    door.rules = door.rules.withShadow(true);
    assertThat(ask("ip", "6.6.6.6").getOverallCode()).isEqualTo(Code.OK);
    assertThat(ask(9, descriptor("ip", "1.1.1.1")).getOverallCode()).isEqualTo(Code.OK);
    assertThat(door.rateLimits.shadowed()).isEqualTo(3);
  }

  @Test
  void replaced_limitDoesNotHold_norCounts() {
    RateLimitResponse response = ask(2, descriptor("path", "/new"), descriptor("ip", "1.1.1.1"));

    assertThat(response.getStatuses(0).getLimitRemaining()).isEqualTo(98);
    assertThat(response.getStatuses(1).hasCurrentLimit()).isFalse();
    assertThat(ask(2, descriptor("ip", "1.1.1.1")).getOverallCode()).isEqualTo(Code.OK);
  }

  @Test
  void headers_tellTheLimitNearestToItsEnd() {
    Domain domain = Objects.requireNonNull(door.rules.domains().get("edge"));
    rules(domain.rules(), new Headers("l", "r", "s", "t"));

    RateLimitResponse fine = ask(0, descriptor("ip", "10.0.0.2"), descriptor("ip", "1.1.1.1"));
    ask("ip", "1.1.1.1");
    door.time.advance(500);
    RateLimitResponse over = ask("ip", "1.1.1.1");

    assertThat(texts(fine)).containsExactly("l: 2", "r: 1", "s: 60");
    assertThat(texts(over)).containsExactly("x-rule: r", "l: 2", "r: 0", "s: 60", "t: 60");
    assertThat(texts(ask("no", "rule"))).isEmpty();
  }

  private static List<String> texts(RateLimitResponse response) {
    return response.getResponseHeadersToAddList().stream()
        .map(header -> header.getKey() + ": " + header.getValue())
        .toList();
  }

  @Test
  void longDescriptors_areTold_apart() {
    String value = "v".repeat(5_000);

    assertThat(ask("ip", value + "1").getStatuses(0).getLimitRemaining()).isEqualTo(1);
    assertThat(ask("ip", value + "2").getStatuses(0).getLimitRemaining()).isEqualTo(1);
    assertThat(ask("ip", value + "1").getStatuses(0).getLimitRemaining()).isZero();
    assertThat(DescriptorKeys.of(List.of(new Entry("a", "bc"))))
        .isNotEqualTo(DescriptorKeys.of(List.of(new Entry("ab", "c"))));
  }

  @Test
  void requests_thatSayNothing_areRefused() {
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "rate limit domain must not be empty",
        () -> envoy.shouldRateLimit(RateLimitRequest.getDefaultInstance()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT, "0 rate limit descriptors: expected 1 to 1000", () -> ask(1));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "0 entries of a rate limit descriptor: expected 1 to 100",
        () -> ask(1, RateLimitDescriptor.newBuilder()));
  }
}
