package dev.mayfly.grpc;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.KeyEvent;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.WatchGap;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code WatchStream}: one message an event, and an end rather than a gap. Stateless. */
final class StreamForm implements WatchForm {
  @Override
  public void onEvents(List<Event> events, @Nullable ResumeToken after, Consumer<byte[]> out) {
    for (Event event : events) {
      ByteString key = ByteString.copyFrom(event.key());
      if (key.isValidUtf8()) {
        out.accept(
            dev.mayfly.api.keyquarry.Event.newBuilder()
                .setKeyBytes(key)
                .setEvent(KeyEvent.forNumber(event.kind().number()))
                .setTime(WireTimes.timestamp(event.timeMillis()))
                .setClientId(event.client())
                .build()
                .toByteArray());
      }
    }
  }

  @Override
  public void onState(byte[] key, Entry entry, Consumer<byte[]> out) {}

  @Override
  public void onStateEnd(ResumeToken after, Consumer<byte[]> out) {}

  @Override
  public Status onGap(WatchGap gap, Consumer<byte[]> out) {
    return lost(gap);
  }

  @Override
  public void onProgress(ResumeToken after, long revision, Consumer<byte[]> out) {}

  /** The end of a stream that cannot tell of a gap. */
  static Status lost(WatchGap gap) {
    String count = gap.missedRevisions() < 0 ? "all" : Long.toString(gap.missedRevisions());
    return Status.DATA_LOSS.withDescription(
        "the watcher did not keep up: %s revisions were passed over".formatted(count));
  }
}
