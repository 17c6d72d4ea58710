package dev.mayfly.balancer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;

/** Waits for a listening channel. Stateless. */
final class Binding {
  private Binding() {}

  static Channel await(ChannelFuture binding, HostPort address) throws IOException {
    binding.awaitUninterruptibly();
    if (!binding.isSuccess()) {
      Throwable cause = binding.cause();
      throw new IOException(
          "cannot listen on " + address + ": " + (cause == null ? "" : cause.getMessage()), cause);
    }
    return binding.channel();
  }
}
