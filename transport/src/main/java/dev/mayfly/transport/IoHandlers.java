package dev.mayfly.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;

/** What moves the bytes of an event loop's channels. Stateless. */
public final class IoHandlers {
  private IoHandlers() {}

  /**
   * For channels of epoll where {@link Epoll#isAvailable} says that there is one, else for those of
   * the JDK's selector. Channels may be half closed.
   */
  public static IoHandlerFactory newFactory() {
    if (!Epoll.isAvailable()) {
      return NioIoHandler.newFactory();
    }
    IoHandlerFactory epoll = EpollIoHandler.newFactory();
    return executor -> new LastingIoHandler(epoll.newHandler(executor));
  }
}
