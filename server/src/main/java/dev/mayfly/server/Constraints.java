package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import java.util.List;

/** What options must keep to together. */
final class Constraints {
  private Constraints() {}

  /** Impossible combinations go to {@code problems}, those without effect to {@code warnings}. */
  static void check(Values values, List<String> problems, List<String> warnings) {
    boolean scheduled =
        !values.get(Options.PRUNE_INTERVAL).isZero() && values.get(Options.PRUNE_AT) > 0;
    if (values.get(Options.PRUNE_TO) > values.get(Options.PRUNE_AT)) {
      problems.add(less(Options.PRUNE_TO, Options.PRUNE_AT, values));
    }
    boolean eager =
        values.get(Options.PRUNE_EAGER_AT) > 0 || values.get(Options.PRUNE_EAGER_TO) > 0;
    if (eager && values.get(Options.PRUNE_EAGER_AT) <= values.get(Options.PRUNE_EAGER_TO)) {
      problems.add(less(Options.PRUNE_EAGER_TO, Options.PRUNE_EAGER_AT, values));
    }
    if (values.get(Options.MIN_LOCK_DURATION).compareTo(values.get(Options.MAX_LOCK_DURATION))
        > 0) {
      problems.add(
          "option 'min-lock-duration' must not be greater than 'max-lock-duration' (%s, %s)"
              .formatted(
                  values.source(Options.MIN_LOCK_DURATION),
                  values.source(Options.MAX_LOCK_DURATION)));
    }
    if (Long.bitCount(values.get(Options.ENGINE_SHARDS)) > 1) {
      problems.add(
          "option 'engine.shards': '%d' is wrong: expected 0 or a power of two (%s)"
              .formatted(values.get(Options.ENGINE_SHARDS), values.source(Options.ENGINE_SHARDS)));
    }
    requireNotLess(HttpOptions.MAX_IN_FLIGHT, HttpOptions.MAX_BODY, values, problems);
    if (values.get(GrpcOptions.MAX_INPUT).bytes() != 0) {
      requireNotLess(GrpcOptions.MAX_INPUT, Options.MAX_VALUE_SIZE, values, problems);
    }
    requireNotLess(RespOptions.OUTPUT_MAX, RespOptions.OUTPUT_PAUSE, values, problems);
    requireNotLess(RespOptions.MAX_REPLY, RespOptions.OUTPUT_PAUSE, values, problems);
    if (values.get(Options.TLS_CERT).isEmpty() != values.get(Options.TLS_KEY).isEmpty()) {
      boolean certMissing = values.get(Options.TLS_CERT).isEmpty();
      Option<String> given = certMissing ? Options.TLS_KEY : Options.TLS_CERT;
      problems.add(
          "option '%s' needs '%s' as well (%s)"
              .formatted(
                  given.name(),
                  (certMissing ? Options.TLS_CERT : Options.TLS_KEY).name(),
                  values.source(given)));
    }
    JournalOptions.check(values, problems, warnings);
    checkAddresses(CounterOptions.PEERS, values, problems);
    checkAddresses(CounterOptions.SELF, values, problems);
    boolean half = !values.get(Options.PRUNE_INTERVAL).isZero() || values.get(Options.PRUNE_AT) > 0;
    if (half && !scheduled) {
      warnings.add("prune.interval and prune.at have no effect without each other");
    }
  }

  private static void requireNotLess(
      Option<ByteSize> greater, Option<ByteSize> less, Values values, List<String> problems) {
    if (values.get(greater).compareTo(values.get(less)) < 0) {
      problems.add(
          "option '%s' must not be less than '%s' (%s, %s)"
              .formatted(greater.name(), less.name(), values.source(greater), values.source(less)));
    }
  }

  private static void checkAddresses(Option<String> option, Values values, List<String> problems) {
    try {
      CounterParts.addresses(values.get(option));
    } catch (IllegalArgumentException e) {
      problems.add(
          "option '%s' is wrong: %s: expected host:port, with commas between (%s)"
              .formatted(option.name(), e.getMessage(), values.source(option)));
    }
  }

  private static String less(Option<Long> to, Option<Long> at, Values values) {
    return "option '%s' must be less than '%s': %d and %d (%s)"
        .formatted(to.name(), at.name(), values.get(to), values.get(at), values.source(to));
  }
}
