package dev.mayfly.counter;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.BindException;

/** Waits for channels to listen. Static. */
final class BoundChannel {
  private BoundChannel() {}

  /**
   * The channel that listens now.
   *
   * @throws IOException when it cannot; it is closed then
   */
  static Channel await(ChannelFuture binding) throws IOException {
    if (binding.awaitUninterruptibly().isSuccess()) {
      return binding.channel();
    }
    Throwable cause = binding.cause();
    BindException failed = new BindException(cause == null ? "cancelled" : cause.getMessage());
    failed.initCause(cause);
    throw failed;
  }
}
