package dev.mayfly.grpc;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one call's client was told and has not taken, and the reply that is being made for it, as
 * far as that can be known: it takes memory before it is told.
 *
 * <p>Safe for concurrent use: the one who answers expects and adds, the connection's event loop
 * ends it.
 */
final class CallReplies {
  /** What grpc-java takes at least for a message. */
  private static final long BUFFER_BYTES_MIN = 4 << 10;

  private static final long OVER = -1;

  private final ConnectionReplies connection;
  private final @Nullable IncomingCall incoming;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong expected = new AtomicLong();

  /** When it was looked at with something to take, and nothing taken since; else 0. */
  private volatile long lookedAt;

  private boolean wasCut;

  /**
   * @param incoming by which the call can be ended
   */
  CallReplies(ConnectionReplies connection, @Nullable IncomingCall incoming) {
    this.connection = connection;
    this.incoming = incoming;
  }

  /**
   * A reply of so many bytes is being made, in place of one that was before; 0: none is any more.
   */
  void expect(long most) {
    long wanted = most > ReplyMemory.SMALL_BYTES ? connection.expected(most) : 0;
    if (wanted == 0 && expected.get() <= 0) {
      return;
    }
    long before = expected.getAndUpdate(now -> now == OVER ? OVER : wanted);
    if (before != OVER) {
      connection.changeExpected(wanted - before);
    }
  }

  /** So many bytes more are told. */
  void add(long more) {
    if (more <= ReplyMemory.SMALL_BYTES) {
      return;
    }
    long taken = Math.max(more, BUFFER_BYTES_MIN);
    if (bytes.accumulateAndGet(taken, CallReplies::sum) != OVER) {
      connection.untaken().add(this);
      connection.change(taken);
      if (bytes.get() == OVER) {
        connection.untaken().remove(this);
      }
    }
  }

  private static long sum(long before, long more) {
    return before == OVER ? OVER : before + more;
  }

  /** The client has taken it all, or nearly. */
  void onTaken() {
    if (bytes.get() > 0) {
      lookedAt = 0;
      release(bytes.getAndUpdate(before -> before == OVER ? OVER : 0));
    }
  }

  /** The call is over; what is told from now on is not kept. */
  void end() {
    release(bytes.getAndSet(OVER));
    long made = expected.getAndSet(OVER);
    if (made > 0) {
      connection.changeExpected(-made);
    }
  }

  private void release(long left) {
    if (left > 0) {
      connection.untaken().remove(this);
      connection.change(-left);
    }
  }

  /** Whether it had something to take at the look before, too, and has taken none of it since. */
  boolean isStuck(long look) {
    boolean stuck = lookedAt == look - 1;
    lookedAt = look;
    return stuck;
  }

  /** Ends the call, and what it keeps in memory with it. */
  void cut() {
    connection.execute(
        () -> {
          wasCut = true;
          if (incoming != null) {
            incoming.reset();
          }
        });
  }

  /** Whether it was cut. On the connection's event loop. */
  boolean wasCut() {
    return wasCut;
  }
}
