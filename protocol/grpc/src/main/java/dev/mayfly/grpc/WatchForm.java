package dev.mayfly.grpc;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.WatchGap;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a contract tells what a watch tells, in encoded messages. One without state of its own may
 * serve many watchers. Confined to the thread of its watch loop.
 */
interface WatchForm {
  /**
   * Events in order.
   *
   * @param after the place after them; null: none, since they are accesses or the current state is
   *     not complete
   */
  void onEvents(List<Event> events, @Nullable ResumeToken after, Consumer<byte[]> out);

  /** A key that exists. */
  void onState(byte[] key, Entry entry, Consumer<byte[]> out);

  /** All keys that exist have been told. */
  void onStateEnd(ResumeToken after, Consumer<byte[]> out);

  /**
   * Events are missing.
   *
   * @return how the call ends; null when it goes on
   */
  @Nullable Status onGap(WatchGap gap, Consumer<byte[]> out);

  /** Nothing happened that the watcher wants. */
  void onProgress(ResumeToken after, long revision, Consumer<byte[]> out);
}
