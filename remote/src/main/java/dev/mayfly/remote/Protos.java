package dev.mayfly.remote;

import java.time.Duration;

/** Spans in the form of the contract. Stateless. */
final class Protos {
  private Protos() {}

  static Duration duration(com.google.protobuf.Duration span) {
    return Duration.ofSeconds(span.getSeconds(), span.getNanos());
  }

  static com.google.protobuf.Duration span(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
