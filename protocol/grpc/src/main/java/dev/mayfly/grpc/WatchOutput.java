package dev.mayfly.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * Where one watch stream is told: whether its client takes more, and what it has left.
 *
 * <p>Confined to its watch loop's thread.
 */
final class WatchOutput {
  private final ServerCall<?, byte[]> call;
  private final CallReplies replies;
  private final ReplyMemory.Room room;
  private boolean begun;
  private long stalledSinceNanos;
  private boolean stalled;

  /**
   * @param begun whether its headers have been sent
   */
  WatchOutput(
      ServerCall<?, byte[]> call, CallReplies replies, ReplyMemory.Room room, boolean begun) {
    this.call = call;
    this.replies = replies;
    this.room = room;
    this.begun = begun;
  }

  boolean isCancelled() {
    return call.isCancelled();
  }

  /** Whether the client takes more; remembers since when it does not. */
  boolean isReady(long nowNanos) {
    boolean ready = call.isReady();
    if (ready) {
      stalled = false;
      replies.onTaken();
    } else if (!stalled) {
      stalled = true;
      stalledSinceNanos = nowNanos;
    }
    return ready;
  }

  /** Whether the client takes so many bytes more, and there is room for them until it does. */
  boolean takes(long bytes, long nowNanos) {
    return isReady(nowNanos) && (bytes < ReplyMemory.LARGE_BYTES || room.isThere());
  }

  /** Whether the client has taken nothing for so long. */
  boolean isStalled(long nowNanos, long timeoutNanos) {
    return stalled && nowNanos - stalledSinceNanos > timeoutNanos;
  }

  /** Sends the headers, unless they were. */
  void begin() {
    if (!begun) {
      begun = true;
      call.sendHeaders(new Metadata());
    }
  }

  void send(byte[] message) {
    begin();
    call.sendMessage(message);
    if (!call.isReady()) {
      replies.add(message.length);
    }
  }

  /** Ends the call. */
  void close(Status status) {
    if (!call.isCancelled()) {
      call.close(status, new Metadata());
    }
  }
}
