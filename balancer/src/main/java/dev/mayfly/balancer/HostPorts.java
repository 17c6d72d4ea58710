package dev.mayfly.balancer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Turns addresses of sockets into ours and back. Stateless. */
final class HostPorts {
  private HostPorts() {}

  static HostPort of(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort());
  }

  static String text(InetSocketAddress address) {
    return of(address).toString();
  }

  /** Where to listen; resolves a name, and blocks for it. */
  static InetSocketAddress bindable(HostPort address) throws UnknownHostException {
    return address.host().isEmpty()
        ? new InetSocketAddress(address.port())
        : new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
  }
}
