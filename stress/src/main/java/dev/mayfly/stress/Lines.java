package dev.mayfly.stress;

import java.io.IOException;

/** Makes the connections of a load, and owns what they share. Safe for concurrent use. */
interface Lines extends AutoCloseable {
  /**
   * Connects.
   *
   * @throws IOException if nobody answers there
   */
  Line open() throws IOException;

  @Override
  void close();

  /** Those that a plan needs. */
  static Lines of(StressPlan plan) throws IOException {
    return switch (plan.door()) {
      case HTTP -> new SocketLines(plan, wire -> new HttpLine(wire, new StoreForm(plan)));
      case JSON -> new SocketLines(plan, wire -> new HttpLine(wire, new CacheForm(plan)));
      case RESP -> new SocketLines(plan, wire -> new RespLine(wire, plan.workload()));
      case GRPC -> new GrpcLines(plan);
      case COUNTER -> new CounterLines(plan);
      case COUNTER_PACKET -> new PacketLines(plan);
    };
  }
}
