package dev.mayfly.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client: admits it, passes on what arrives to its {@link CommandStream}, and
 * tells its end. Replies are sent at the end of its {@linkplain Turns turn}; in a large turn a
 * worker may have begun with that.
 *
 * <p>Confined to its event loop, but for {@link #help}.
 */
final class RespConnection extends ChannelInboundHandlerAdapter implements Turns.Helped {
  private static final System.Logger LOG = System.getLogger(RespConnection.class.getName());

  private final RespDoor door;
  private final Workspace work;
  private @Nullable ClientOutput output;
  private @Nullable CommandStream commands;

  /** One that works with what its event loop has. */
  RespConnection(RespDoor door, Workspace work) {
    this.door = door;
    this.work = work;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ClientOutput made =
        new ClientOutput(door, context, work.stats(), this::onTaken, this::onReleased);
    Session session =
        new Session(
            door.nextId(),
            text(context.channel().remoteAddress()),
            text(context.channel().localAddress()),
            door.store().time().millis(),
            made,
            work.stats(),
            door.inputMemory(),
            door.keptMemory());
    if (!door.admit(session)) {
      ByteBuf refusal = context.alloc().buffer();
      refusal.writeBytes(
          "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII));
      context.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    output = made;
    commands = new CommandStream(door, work, context, session, made);
    door.metrics().onConnectionOpened();
  }

  private static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : "unix:0";
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    CommandStream ended = commands;
    commands = null;
    if (ended != null) {
      ended.end();
      door.leave(ended.session());
      door.metrics().onConnectionClosed();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf arrived = (ByteBuf) message;
    try {
      CommandStream open = commands;
      if (open != null) {
        open.serve(arrived);
      }
    } finally {
      arrived.release();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    CommandStream open = commands;
    if (event instanceof ChannelInputShutdownEvent && open != null) {
      open.onInputEnd();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    CommandStream open = commands;
    if (open != null) {
      open.onWritability();
    }
  }

  @Override
  public void help(ByteBuf arrived, Workspace other) {
    CommandStream open = commands;
    if (open != null) {
      open.help(arrived, other);
    }
  }

  @Override
  public void onSent() {
    ClientOutput made = output;
    if (made != null) {
      made.count();
    }
  }

  private void onTaken() {
    CommandStream open = commands;
    if (open != null) {
      open.onTaken();
    }
  }

  private void onReleased(@Nullable List<ByteBuf> replies) {
    CommandStream open = commands;
    if (open != null) {
      open.onReleased(replies);
    } else if (replies != null) {
      replies.forEach(ByteBuf::release);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.ERROR, "connection failed", cause);
    }
    var _ = context.close();
  }
}
