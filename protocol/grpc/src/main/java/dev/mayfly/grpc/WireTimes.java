package dev.mayfly.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;

/** Spans and times in their wire forms. Stateless. */
final class WireTimes {
  /** The longest span that clients of the old contract can write: 2^63 nanoseconds. */
  private static final long SPAN_MILLIS_MAX = Long.MAX_VALUE / 1_000_000;

  private static final long MILLIS_PER_SECOND = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private WireTimes() {}

  /** Whole milliseconds, rounded down; what is out of range becomes the nearest that is in it. */
  static long millis(Duration span) {
    long limit = SPAN_MILLIS_MAX / MILLIS_PER_SECOND - 1;
    if (span.getSeconds() > limit) {
      return SPAN_MILLIS_MAX;
    }
    if (span.getSeconds() < -limit) {
      return -SPAN_MILLIS_MAX;
    }
    return span.getSeconds() * MILLIS_PER_SECOND + Math.floorDiv(span.getNanos(), NANOS_PER_MILLI);
  }

  /** Milliseconds since the epoch, likewise. */
  static long millis(Timestamp time) {
    return millis(
        Duration.newBuilder().setSeconds(time.getSeconds()).setNanos(time.getNanos()).build());
  }

  static Duration duration(long millis) {
    return Duration.newBuilder()
        .setSeconds(Math.floorDiv(millis, MILLIS_PER_SECOND))
        .setNanos((int) Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI)
        .build();
  }

  static Timestamp timestamp(long millis) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(millis, MILLIS_PER_SECOND))
        .setNanos((int) Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI)
        .build();
  }
}
