package dev.mayfly.stress;

import dev.mayfly.client.ServerAddress;
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

  /**
   * Those that a plan needs.
   *
   * @throws IOException if what they need cannot be had
   */
  static Lines of(StressPlan plan) throws IOException {
    return switch (plan.door()) {
      case HTTP -> streams(plan, wire -> new HttpLine(wire, new StoreForm(plan)));
      case JSON -> streams(plan, wire -> new HttpLine(wire, new CacheForm(plan)));
      case RESP -> streams(plan, wire -> new RespLine(wire, plan.workload()));
      case GRPC -> new GrpcLines(plan);
      case COUNTER -> new CounterLines(plan);
      case COUNTER_PACKET -> new PacketLines(plan);
    };
  }

  private static Lines streams(StressPlan plan, SocketLines.Speaker speaker) throws IOException {
    return switch (plan.address()) {
      case ServerAddress.Tcp tcp -> new SocketLines(tcp, plan.timeout(), plan.trust(), speaker);
      case ServerAddress.Unix unix -> new UnixLines(unix, plan.timeout(), speaker);
    };
  }
}
