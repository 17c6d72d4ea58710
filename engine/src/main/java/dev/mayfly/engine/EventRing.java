package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The memory of the event log: records in the order of their revisions, the newest over the oldest,
 * and an index that finds each by its revision. Written by many threads at once, read by any
 * number. Owns nothing: the region is the log's.
 *
 * <h2>Layout</h2>
 *
 * The region is an index of one word per revision, a power of two of them, and a ring of {@link
 * EventRecord}s. Index word {@code r mod n} belongs to revision r. It says where r's record begins
 * (the place since the log began, 48 bits), which lap of the index it is of, and that it was ever
 * written. So a record is found from its revision at once, and no byte that a client wrote is ever
 * taken for book-keeping. A record does not straddle the ring's end. The words of revisions that
 * follow each other lie in different lines of memory: the threads that write them would else take
 * one line from each other again and again.
 *
 * <h2>Publishing</h2>
 *
 * The record is written plainly, then the index word with release. A reader gets the word with
 * acquire; its lap tells whether it is that of the revision the reader waits for. Revisions are
 * claimed in the order of places, so a reader that goes from one to the next and stops at the first
 * unpublished one sees every mutation once, in order.
 *
 * <h2>Overtaking a reader</h2>
 *
 * A reader copies the record out, then an acquire fence, then asks the head what is claimed. The
 * copy is good if the head has claimed neither the record's index word for a later lap nor its
 * place: a writer moves the head, then a store-store fence, then writes; so whoever read a byte of
 * such a writer also sees the head that it moved. Until then nothing that was read is trusted: the
 * length is clamped, and decoding begins after the check. As by the next section an index word is
 * of the lap looked for, of the one before, or claimed again, 15 bits tell laps apart.
 *
 * <h2>Overtaking a writer</h2>
 *
 * A writer that lost its processor between claim and publish would write into what a later lap
 * published. So nobody writes to a place or an index word whose claim is not published yet: up to
 * {@code settledRevision} all are, before {@code settledPosition} all are. Both are lower bounds
 * and only rise. A writer that needs more walks the index forward, and waits only where it meets an
 * unpublished word. The oldest unpublished claim never waits, since all before it is settled and a
 * record is at most a quarter of the ring; and its thread needs nothing from others until it has
 * published. So every wait ends.
 */
final class EventRing {
  private static final int INDEX_SHARE = 16;
  private static final int PLACE_BITS = 48;
  private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;
  private static final int STRIPES_SHIFT = 3;
  private static final int STRIPES = 1 << STRIPES_SHIFT;
  private static final int WRITTEN = 0x8000;
  private static final int SETTLE_STEP = 1024;
  private static final int SPINS = 100;

  private static final VarHandle SETTLED_REVISION;
  private static final VarHandle SETTLED_POSITION;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SETTLED_REVISION = lookup.findVarHandle(EventRing.class, "settledRevision", long.class);
      SETTLED_POSITION = lookup.findVarHandle(EventRing.class, "settledPosition", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Region region;
  private final long firstRevision;
  private final int indexWords;
  private final int lapShift;
  private final int stripeShift;
  private final long ringBegin;
  private final long ringUnits;
  private final LogHead head;

  private volatile long settledRevision;
  private volatile long settledPosition;

  /**
   * An empty ring.
   *
   * @param region never written to before
   * @param firstRevision the first that will be claimed
   */
  EventRing(Region region, long firstRevision) {
    this.region = region;
    this.firstRevision = firstRevision;
    long indexBytesMax = Math.min(region.size() / INDEX_SHARE, 1L << 30);
    indexWords = (int) (Long.highestOneBit(indexBytesMax) / 8);
    lapShift = Integer.numberOfTrailingZeros(indexWords);
    stripeShift = lapShift - STRIPES_SHIFT;
    ringBegin = 8L * indexWords;
    ringUnits = (region.size() - ringBegin) / 8;
    head = new LogHead(ringUnits, firstRevision - 1);
    settledRevision = firstRevision - 1;
  }

  /** The bytes that records share. */
  long recordBytes() {
    return ringUnits * 8;
  }

  /** Claims the next revision and a place of so many bytes, at most a quarter of the ring. */
  void claim(Claim claim, int bytes) {
    head.claim(claim, (bytes + 7) >>> 3);
    claim.offset += ringBegin;
    if (!hasRoom(claim)) {
      awaitRoom(claim);
    }
  }

  /** Lets readers see what was written to the claimed place. */
  void publish(Claim claim) {
    VarHandle.releaseFence();
    long tag = tag(claim.revision);
    region.putLongOpaque(wordAt(claim.revision), tag << PLACE_BITS | (claim.position & PLACE_MASK));
  }

  private boolean hasRoom(Claim claim) {
    return claim.revision - indexWords <= settledRevision
        && claim.position + claim.units - ringUnits <= settledPosition;
  }

  @SuppressWarnings("ThreadPriorityCheck") // only as politeness; being right does not depend on it
  private void awaitRoom(Claim claim) {
    for (int spins = 0; ; spins++) {
      boolean moved = settle(SETTLE_STEP);
      if (hasRoom(claim)) {
        return;
      }
      if (!moved && spins < SPINS) {
        Thread.onSpinWait();
      } else if (!moved) {
        Thread.yield();
      }
    }
  }

  /** Walks on over what is published; returns whether there was any. */
  private boolean settle(int stepsMax) {
    long from = settledRevision;
    long revision = from;
    long position = 0;
    while (revision - from < stepsMax) {
      long word = word(revision + 1);
      if (!isOf(word, revision + 1)) {
        break;
      }
      revision++;
      position = position(word);
    }
    if (revision == from) {
      return false;
    }
    raise(SETTLED_REVISION, revision);
    raise(SETTLED_POSITION, position);
    return true;
  }

  private void raise(VarHandle settled, long value) {
    long now = (long) settled.getVolatile(this);
    while (now < value && !settled.compareAndSet(this, now, value)) {
      now = (long) settled.getVolatile(this);
    }
  }

  /** The last revision claimed. */
  long claimedRevision() {
    return head.revision();
  }

  /** The newest revision that is published, as are all before it. */
  long newestRevision() {
    boolean moved;
    do {
      moved = settle(SETTLE_STEP);
    } while (moved);
    return settledRevision;
  }

  /** The oldest revision held; one above the newest when none is. */
  long oldestRevision() {
    long newest = newestRevision();
    long low = Math.max(firstRevision, head.revision() - indexWords + 1);
    long high = newest + 1;
    // Places rise with revisions, and what is overtaken stays so.
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (isHeld(middle, position(word(middle)))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return Math.max(low, Math.min(high, newest + 1));
  }

  /** The index word of a revision, whatever lap it is of; with acquire. */
  long word(long revision) {
    long word = region.getLongOpaque(wordAt(revision));
    VarHandle.acquireFence();
    return word;
  }

  /** Whether the word says that this revision is published. */
  boolean isOf(long word, long revision) {
    return word >>> PLACE_BITS == tag(revision);
  }

  /** The place since the log began that the word tells; right as long as it is held. */
  long position(long word) {
    long end = head.position();
    return end - ((end - word) & PLACE_MASK);
  }

  /**
   * Whether neither the revision's index word nor its place is claimed again. True vouches for what
   * the caller read before from either.
   */
  boolean isHeld(long revision, long position) {
    VarHandle.acquireFence();
    return head.revision() - revision < indexWords && head.position() - position <= ringUnits;
  }

  /** Whether the revision's index word is not claimed for a later lap; as {@link #isHeld}. */
  boolean isIndexed(long revision) {
    VarHandle.acquireFence();
    return head.revision() - revision < indexWords;
  }

  /**
   * Copies the record at a place that may be overtaken meanwhile.
   *
   * @return the buffer, or a longer one
   */
  byte[] copyOut(long position, byte[] buffer, int bytesMax) {
    long offset = ringBegin + 8 * Math.floorMod(position, ringUnits);
    int bytes = 8 * Math.clamp(EventRecord.units(region, offset), 1, bytesMax / 8);
    byte[] target = bytes <= buffer.length ? buffer : new byte[bytes];
    region.copyOut(offset, target, 0, bytes);
    return target;
  }

  private long wordAt(long revision) {
    long word = revision & (indexWords - 1);
    return (word >>> STRIPES_SHIFT | (word & (STRIPES - 1)) << stripeShift) << 3;
  }

  private long tag(long revision) {
    return WRITTEN | (revision >>> lapShift & (WRITTEN - 1));
  }
}
