package dev.mayfly.resp;

import dev.mayfly.store.Durability;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one connection that show what a crash could still take back, and all after them:
 * they wait together until that is durable. No further command is run meanwhile, so that what waits
 * is one batch at most.
 *
 * <p>Confined to the connection's event loop. It owns what it holds.
 */
final class HeldReplies {
  private final Durability durability;
  private @Nullable List<ByteBuf> held;
  private long until;

  HeldReplies(Durability durability) {
    this.durability = durability;
  }

  /** Whether there are some. */
  boolean isSome() {
    return held != null;
  }

  /**
   * Takes replies over, unless they can go out at once.
   *
   * @param seen the newest revision that they show
   * @param onRelease gets them back on the event loop, or null when the journal has given up
   */
  boolean hold(
      List<ByteBuf> replies,
      long seen,
      ChannelHandlerContext context,
      Consumer<@Nullable List<ByteBuf>> onRelease) {
    List<ByteBuf> before = held;
    if (before != null) {
      until = Math.max(until, seen);
      before.addAll(replies);
      return true;
    }
    if (durability.isDurable(seen)) {
      return false;
    }
    held = new ArrayList<>(replies);
    until = seen;
    await(seen, context, onRelease);
    return true;
  }

  private void await(
      long revision, ChannelHandlerContext context, Consumer<@Nullable List<ByteBuf>> onRelease) {
    durability.onDurable(
        revision, () -> context.executor().execute(() -> onDurable(revision, context, onRelease)));
  }

  private void onDurable(
      long revision, ChannelHandlerContext context, Consumer<@Nullable List<ByteBuf>> onRelease) {
    List<ByteBuf> replies = held;
    if (replies == null) {
      return;
    }
    if (!durability.isDurable(revision)) {
      drop();
      onRelease.accept(null);
    } else if (!durability.isDurable(until)) {
      await(until, context, onRelease);
    } else {
      held = null;
      onRelease.accept(replies);
    }
  }

  /** How many bytes there are. */
  long bytes() {
    List<ByteBuf> some = held;
    return some == null ? 0 : some.stream().mapToLong(ByteBuf::readableBytes).sum();
  }

  /** Forgets them: nobody waits for them any more. */
  void drop() {
    if (held != null) {
      held.forEach(ByteBuf::release);
      held = null;
    }
  }
}
