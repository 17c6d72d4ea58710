package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import java.util.function.Consumer;

/** A reader of the ring. Confined to one thread at a time; holds a buffer for one record. */
class RingReader implements EventReader {
  private enum Step {
    COPIED,
    AWAITED,
    OVERTAKEN
  }

  private static final int RECORD_BYTES_LEAST = 256;

  /** A reader that is idle holds no more than this. */
  private static final int RECORD_BYTES_KEPT = 8 << 10;

  private final EventRing ring;
  private final long incarnation;
  private final int recordBytesMax;
  private final EventRecord.TextMemory texts = new EventRecord.TextMemory();
  private byte[] record = new byte[RECORD_BYTES_LEAST];
  private long next;

  /**
   * @param next the first revision to be read
   */
  RingReader(EventRing ring, long incarnation, long next, int recordBytesMax) {
    this.ring = ring;
    this.incarnation = incarnation;
    this.next = next;
    this.recordBytesMax = recordBytesMax;
  }

  @Override
  public int poll(int eventsMax, Consumer<Event> sink) {
    if (eventsMax < 1) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "%d events: expected at least 1".formatted(eventsMax));
    }
    int events = 0;
    while (events < eventsMax) {
      Step step = copyNext();
      if (step == Step.OVERTAKEN && events == 0) {
        throw NativeEventLog.compacted(next, ring.oldestRevision());
      }
      if (step != Step.COPIED) {
        break;
      }
      EventRecord.decode(record, texts, sink);
      events += EventRecord.eventCount(record);
      next++;
    }
    if (record.length > RECORD_BYTES_KEPT) {
      record = new byte[RECORD_BYTES_LEAST];
    }
    return events;
  }

  private Step copyNext() {
    long word = ring.word(next);
    if (!ring.isOf(word, next)) {
      return ring.isIndexed(next) ? Step.AWAITED : Step.OVERTAKEN;
    }
    long position = ring.position(word);
    record = ring.copyOut(position, record, recordBytesMax);
    return isHeld(next, position) ? Step.COPIED : Step.OVERTAKEN;
  }

  /** Whether what was just copied out is good; apart, so that a test can leave it out. */
  boolean isHeld(long revision, long position) {
    return ring.isHeld(revision, position);
  }

  @Override
  public long skipToOldest() {
    long from = next;
    next = Math.max(next, ring.oldestRevision());
    return next - from;
  }

  @Override
  public ResumeToken position() {
    return new ResumeToken(incarnation, revision());
  }

  @Override
  public long revision() {
    return next - 1;
  }
}
