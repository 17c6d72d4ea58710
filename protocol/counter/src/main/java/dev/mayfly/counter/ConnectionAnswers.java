package dev.mayfly.counter;

import dev.mayfly.transport.OutputMemory;
import dev.mayfly.transport.OutputShare;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of one TCP connection has not taken of its answers, and its listing that waits
 * where all callers together have left much. A listing counts as the longest from before it is made
 * until it is written, so that those under way are bounded, too.
 *
 * <p>Confined to the connection's event loop, but for {@link #onRoom} and {@link #endIfStuck}.
 */
final class ConnectionAnswers implements OutputMemory.Waiter {
  private final AnswerMemory all;
  private final OutputMemory memory;
  private final ChannelHandlerContext context;
  private final OutputShare share;
  private long listingBytes;
  private @Nullable Runnable waiting;

  ConnectionAnswers(AnswerMemory all, ChannelHandlerContext context) {
    this.all = all;
    this.context = context;
    memory = all.memory();
    share = new OutputShare(memory, context, this::count);
  }

  /** Counts what is on its way: to be called when something was written and flushed. */
  void count() {
    var _ = share.count(listingBytes);
    if (share.counted() > 0) {
      all.add(this);
    } else {
      all.remove(this);
    }
  }

  /** Runs this when there is room for a listing: at once, or after those who wait already. */
  void whenRoom(Runnable listing) {
    if (!memory.isShort() && !memory.isAwaited()) {
      begin(listing);
    } else {
      waiting = listing;
      memory.await(this);
    }
  }

  private void begin(Runnable listing) {
    listingBytes = PacketCodec.LISTED_BYTES_MAX;
    count();
    listing.run();
  }

  /** The listing is made: its answer is written, or there is none. */
  void endListing() {
    listingBytes = 0;
    count();
  }

  @Override
  public void onRoom() {
    context.executor().execute(this::takeTurn);
  }

  private void takeTurn() {
    Runnable listing = waiting;
    waiting = null;
    try {
      if (listing != null && context.channel().isActive()) {
        begin(listing);
      }
    } finally {
      memory.passOn();
    }
  }

  @Override
  public void after(long millis, Runnable task) {
    var _ = context.executor().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** Closes the connection if its caller has taken nothing since the look before. */
  void endIfStuck(long look) {
    context
        .executor()
        .execute(
            () -> {
              if (share.isStuck(look)) {
                all.onCut();
                var _ = context.close();
              }
            });
  }

  /** The connection is closed. */
  void end() {
    if (waiting != null && memory.leave(this)) {
      waiting = null;
    }
    listingBytes = 0;
    count();
  }
}
