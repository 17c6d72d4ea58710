package dev.mayfly.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.v1.EventBatch;
import dev.mayfly.api.v1.EventKind;
import dev.mayfly.api.v1.Gap;
import dev.mayfly.api.v1.Progress;
import dev.mayfly.api.v1.StateBatch;
import dev.mayfly.api.v1.WatchResponse;
import dev.mayfly.store.ContentTypes;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.WatchGap;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code mayfly.v1}'s watch: events in batches, each message with where to resume. Immutable.
 *
 * @param values whether values are told
 * @param ends whether a gap ends the stream
 */
record V1Form(boolean values, boolean ends) implements WatchForm {
  /** Beyond this the events of one more mutation go into a message of their own. */
  private static final int BATCH_BYTES_MAX = 1 << 20;

  @Override
  public void onEvents(List<Event> events, @Nullable ResumeToken after, Consumer<byte[]> out) {
    EventBatch.Builder batch = EventBatch.newBuilder();
    long bytes = 0;
    long last = 0;
    for (Event event : events) {
      int size = values ? event.valueSize() : 0;
      if (bytes + size > BATCH_BYTES_MAX && bytes > 0 && event.revision() != last) {
        tell(batch, after == null ? null : upTo(after, last), out);
        batch = EventBatch.newBuilder();
        bytes = 0;
      }
      batch.addEvents(event(event));
      bytes += size;
      last = event.revision();
    }
    tell(batch, after, out);
  }

  /** A place that is no later than this one, after the events of a revision. */
  private static ResumeToken upTo(ResumeToken after, long revision) {
    return new ResumeToken(after.incarnation(), Math.min(after.position(), revision));
  }

  private static void tell(
      EventBatch.Builder batch, @Nullable ResumeToken after, Consumer<byte[]> out) {
    WatchResponse.Builder message = WatchResponse.newBuilder().setEvents(batch);
    if (after != null) {
      message.setResumeToken(after.encode());
    }
    out.accept(message.build().toByteArray());
  }

  private dev.mayfly.api.v1.Event.Builder event(Event event) {
    byte[] value = event.value();
    dev.mayfly.api.v1.Event.Builder told =
        dev.mayfly.api.v1.Event.newBuilder()
            .setRevision(event.revision())
            .setIndex(event.index())
            .setKind(EventKind.forNumber(event.kind().number()))
            .setKey(UnsafeByteOperations.unsafeWrap(event.key()))
            .setTime(WireTimes.timestamp(event.timeMillis()))
            .setClientId(event.client())
            .setVersion(event.version())
            .setSize(event.valueSize());
    if (event.contentType() != null) {
      told.setContentType(event.contentType());
    } else if (value != null) {
      told.setContentType(ContentTypes.detect(value));
    }
    if (values && value != null) {
      told.setValue(UnsafeByteOperations.unsafeWrap(value));
    }
    return told;
  }

  @Override
  public void onState(byte[] key, Entry entry, Consumer<byte[]> out) {
    StateBatch.Builder batch =
        StateBatch.newBuilder().addEntries(EntryMessages.entry(key, entry, values));
    out.accept(WatchResponse.newBuilder().setState(batch).build().toByteArray());
  }

  @Override
  public void onStateEnd(ResumeToken after, Consumer<byte[]> out) {
    out.accept(
        WatchResponse.newBuilder()
            .setState(StateBatch.newBuilder().setComplete(true))
            .setResumeToken(after.encode())
            .build()
            .toByteArray());
  }

  @Override
  public @Nullable Status onGap(WatchGap gap, Consumer<byte[]> out) {
    if (ends) {
      return StreamForm.lost(gap);
    }
    Gap.Builder told = Gap.newBuilder().setResumedRevision(gap.oldestRevision());
    told.setRevisions(Math.max(0, gap.missedRevisions()));
    out.accept(
        WatchResponse.newBuilder()
            .setGap(told)
            .setResumeToken(gap.resume().encode())
            .build()
            .toByteArray());
    return null;
  }

  @Override
  public void onProgress(ResumeToken after, long revision, Consumer<byte[]> out) {
    out.accept(
        WatchResponse.newBuilder()
            .setProgress(Progress.newBuilder().setRevision(revision))
            .setResumeToken(after.encode())
            .build()
            .toByteArray());
  }
}
