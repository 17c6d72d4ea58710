package dev.mayfly.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's handler of epoll, but for sockets that wait for nothing for a while.
 *
 * <p>Netty 4.2.18 takes such a socket out of the epoll set and does not put it back (seen up to
 * 4.2.20): it asks for a change of what is not there. That is what happens to a connection whose
 * client sends nothing more: as soon as it once has nothing to send either, an answer that does not
 * fit into the system's buffer ends it. So such a socket stays in the set, and is told of errors
 * and the end only, once each: edges, because the end of both directions is a state that would wake
 * the loop up again and again.
 *
 * <p>Used like the handler within, by one event loop.
 */
final class LastingIoHandler implements IoHandler {
  private final IoHandler epoll;

  LastingIoHandler(IoHandler epoll) {
    this.epoll = epoll;
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration(epoll.register(handle));
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }

  private static final class Registration implements IoRegistration {
    private final IoRegistration within;
    private boolean isInSet;

    private Registration(IoRegistration within) {
      this.within = within;
    }

    @Override
    public long submit(IoOps ops) {
      boolean none = EpollIoOps.NONE.equals(ops);
      isInSet |= !none;
      return within.submit(none && isInSet ? EpollIoOps.EPOLLET : ops);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // the interface is Netty's
    public <T> T attachment() {
      return within.attachment();
    }

    @Override
    public boolean isValid() {
      return within.isValid();
    }

    @Override
    public boolean cancel() {
      return within.cancel();
    }
  }
}
