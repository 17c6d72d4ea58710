package dev.mayfly.grpc;

import java.util.concurrent.atomic.LongAdder;

/** What Envoy's rate limit service decided. Safe for concurrent use; counting takes no lock. */
public final class RateLimitTraffic {
  private final LongAdder allowed = new LongAdder();
  private final LongAdder overLimit = new LongAdder();
  private final LongAdder shadowed = new LongAdder();
  private final LongAdder unmatched = new LongAdder();

  /** Requests all of whose descriptors were within their limits, or in shadow mode. */
  public double allowed() {
    return allowed.sum();
  }

  /** Requests of which a descriptor was over its limit. */
  public double overLimit() {
    return overLimit.sum();
  }

  /** Descriptors over their limit that only shadow mode let go on. */
  public double shadowed() {
    return shadowed.sum();
  }

  /** Descriptors for which there is no rule. */
  public double unmatched() {
    return unmatched.sum();
  }

  void onRequest(boolean over) {
    (over ? overLimit : allowed).increment();
  }

  void onShadowed() {
    shadowed.increment();
  }

  void onUnmatched() {
    unmatched.increment();
  }
}
