package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedCounter;

/**
 * Windows: how many events of a key end when. Confined to whoever holds the shard's lock.
 *
 * <h2>Pairs</h2>
 *
 * A window is a queue of pairs (deadline, events), deadlines never falling. The first deadline is
 * the record's due time, the last pair's events are its number. That is all of a window of one
 * pair. A longer one has a body: the last deadline, the sum of events, how many pairs, and bytes of
 * which a part is in use: for each pair but the last its events and the distance to the next
 * deadline, seven bits to a byte. So taking the first pair away, and adding one, cost O(1) and a
 * few bytes.
 *
 * <h2>Buckets</h2>
 *
 * When a window has more pairs than its policy's threshold, its deadlines are rounded up to
 * multiples of the policy's resolution, then and from then on: pairs become buckets, of which there
 * are no more than fit the window, and two. An event may so count up to a bucket longer, never
 * shorter. A window that finds no room to grow is put into buckets earlier.
 */
final class WindowRecords {
  /** The record's kind. */
  static final int KIND = 0;

  private static final int MANY = 1;
  private static final int BUCKETS = 2;

  private static final int LAST = 0;
  private static final int SUM = 8;
  private static final int PAIRS = 16;
  private static final int BEGIN = 20;
  private static final int END = 24;
  private static final int BYTES = 28;

  private static final long NUMBER_MAX = 0xFFFFFFFFL;
  private static final int PAIR_BYTES_MAX = 5 + 7;
  private static final int FIRST_BYTES = 12;
  private static final int SHRINK_MIN = 256;

  private final CounterRecords records;
  private final Region region;

  /** Where the last varint that was read ended. */
  private long position;

  WindowRecords(CounterRecords records) {
    this.records = records;
    region = records.region();
  }

  /** How long a new record is. */
  static int recordBytes(int keyLength) {
    return CounterRecords.KEY + keyLength;
  }

  /** Live events, if what has ended was taken away. */
  long sum(int ref) {
    long at = CounterRecords.at(ref);
    return isMany(at) ? region.getLong(body(at) + SUM) : records.number(at);
  }

  /** When the last event ends. */
  long lastDeadline(int ref) {
    long at = CounterRecords.at(ref);
    return isMany(at) ? region.getLong(body(at) + LAST) : records.due(at);
  }

  /** Takes away what has ended; returns how many events that was. If none is left, the sum is 0. */
  long discard(int ref, long nowMillis) {
    long at = CounterRecords.at(ref);
    long ended = 0;
    long due = records.due(at);
    while (due <= nowMillis) {
      if (!isMany(at) || region.getInt(body(at) + PAIRS) == 1) {
        ended += records.number(at);
        records.number(at, 0);
        if (isMany(at)) {
          region.putLong(body(at) + SUM, 0);
        }
        return ended;
      }
      long body = body(at);
      position = body + BYTES + region.getInt(body + BEGIN);
      long events = readNumber();
      due += readNumber();
      records.due(at, due);
      region.putInt(body + BEGIN, (int) (position - body - BYTES));
      region.putInt(body + PAIRS, region.getInt(body + PAIRS) - 1);
      region.putLong(body + SUM, region.getLong(body + SUM) - events);
      ended += events;
    }
    return ended;
  }

  /**
   * Counts the events of a moment.
   *
   * @param times up to 2^32 - 1
   * @return the record's ref, a new one if it had to grow
   * @throws MayflyException STORE_FULL; no event is counted or lost then
   */
  int add(int ref, long nowMillis, long times, CounterPolicy policy) {
    long at = CounterRecords.at(ref);
    boolean buckets = (records.flags(at) & BUCKETS) != 0;
    long resolution = buckets ? policy.resolutionMillis() : 1;
    long last = lastDeadline(ref);
    long deadline = Math.max(roundUp(nowMillis + policy.windowMillis(), resolution), last);
    if (deadline == last && records.number(at) + times <= NUMBER_MAX) {
      records.number(at, records.number(at) + times);
      if (isMany(at)) {
        region.putLong(body(at) + SUM, region.getLong(body(at) + SUM) + times);
      }
      return ref;
    }
    if (!buckets && pairs(at) >= policy.exactMax()) {
      return add(toBuckets(ref, policy), nowMillis, times, policy);
    }
    int roomy;
    try {
      roomy = makeRoom(ref);
    } catch (MayflyException e) {
      if (buckets || pairs(at) == 1) {
        throw e;
      }
      return add(toBuckets(ref, policy), nowMillis, times, policy);
    }
    append(CounterRecords.at(roomy), deadline, times);
    return roomy;
  }

  /**
   * When so many events of those that are live now will have ended; all of them, if they are fewer.
   */
  long endOf(int ref, long events) {
    long at = CounterRecords.at(ref);
    long deadline = records.due(at);
    if (!isMany(at)) {
      return deadline;
    }
    long left = events;
    position = body(at) + BYTES + region.getInt(body(at) + BEGIN);
    for (int pairs = region.getInt(body(at) + PAIRS); pairs > 1; pairs--) {
      left -= readNumber();
      if (left <= 0) {
        return deadline;
      }
      deadline += readNumber();
    }
    return deadline;
  }

  /** Moves a window that uses little of its record to a smaller one. */
  int shrink(int ref) {
    long at = CounterRecords.at(ref);
    int capacity = records.heap().capacity(ref);
    if (capacity < SHRINK_MIN || !isMany(at)) {
      return ref;
    }
    long body = body(at);
    int used = region.getInt(body + END) - region.getInt(body + BEGIN);
    int head = records.body(at) + BYTES;
    int wanted = head + 2 * used + FIRST_BYTES;
    if (wanted > capacity / 2) {
      return ref;
    }
    pack(at);
    try {
      return records.resize(ref, wanted, head + used);
    } catch (MayflyException e) {
      // The smaller record is wanted to save memory: later, when there is room for it.
      return ref;
    }
  }

  /** Begins a window that has ended again, as an exact one. */
  void restart(int ref, long deadline, long times) {
    long at = CounterRecords.at(ref);
    records.flags(at, 0);
    records.due(at, deadline);
    records.number(at, times);
  }

  /** A copy of all pairs. */
  SavedCounter save(int ref, SavedCounter.Kind kind, byte[] namespace, byte[] key) {
    long at = CounterRecords.at(ref);
    int count = pairs(at);
    long[] ends = new long[count];
    long[] events = new long[count];
    long deadline = records.due(at);
    position = isMany(at) ? body(at) + BYTES + region.getInt(body(at) + BEGIN) : 0;
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      events[i] = last ? records.number(at) : readNumber();
      ends[i] = deadline;
      deadline += last ? 0 : readNumber();
    }
    boolean rounded = (records.flags(at) & BUCKETS) != 0;
    return new SavedCounter(kind, namespace, key, rounded, ends, events, new long[0]);
  }

  /** Fills a new record with all pairs of a copy. */
  void restore(int ref, SavedCounter saved) {
    restart(ref, saved.ends()[0], saved.amounts()[0]);
    int now = ref;
    for (int i = 1; i < saved.ends().length; i++) {
      now = makeRoom(now);
      append(CounterRecords.at(now), saved.ends()[i], saved.amounts()[i]);
    }
    long at = CounterRecords.at(now);
    records.flags(at, records.flags(at) | (saved.rounded() ? BUCKETS : 0));
  }

  private void append(long at, long deadline, long times) {
    long body = body(at);
    position = body + BYTES + region.getInt(body + END);
    writeNumber(records.number(at));
    writeNumber(deadline - region.getLong(body + LAST));
    region.putInt(body + END, (int) (position - body - BYTES));
    region.putInt(body + PAIRS, region.getInt(body + PAIRS) + 1);
    region.putLong(body + LAST, deadline);
    region.putLong(body + SUM, region.getLong(body + SUM) + times);
    records.number(at, times);
  }

  /** A record with room for one more pair. */
  private int makeRoom(int ref) {
    long at = CounterRecords.at(ref);
    int head = records.body(at) + BYTES;
    if (!isMany(at)) {
      int grown = records.resize(ref, head + FIRST_BYTES, records.body(at));
      toMany(CounterRecords.at(grown));
      return grown;
    }
    int capacity = records.heap().capacity(ref) - head;
    int begin = region.getInt(body(at) + BEGIN);
    int end = region.getInt(body(at) + END);
    if (end + PAIR_BYTES_MAX <= capacity) {
      return ref;
    }
    if (begin >= capacity / 2 && begin >= PAIR_BYTES_MAX) {
      pack(at);
      return ref;
    }
    return records.resize(ref, head + capacity + capacity / 2 + PAIR_BYTES_MAX, head + end);
  }

  private void toMany(long at) {
    long body = body(at);
    region.putLong(body + LAST, records.due(at));
    region.putLong(body + SUM, records.number(at));
    region.putInt(body + PAIRS, 1);
    region.putInt(body + BEGIN, 0);
    region.putInt(body + END, 0);
    records.flags(at, records.flags(at) | MANY);
  }

  /** Moves the bytes in use to the front. */
  private void pack(long at) {
    long body = body(at);
    int begin = region.getInt(body + BEGIN);
    int used = region.getInt(body + END) - begin;
    if (used > 0) {
      region.move(body + BYTES + begin, body + BYTES, used);
    }
    region.putInt(body + BEGIN, 0);
    region.putInt(body + END, used);
  }

  /** Rounds all deadlines up, and joins pairs whose deadlines became equal. */
  private int toBuckets(int ref, CounterPolicy policy) {
    long at = CounterRecords.at(ref);
    int count = pairs(at);
    long[] deadlines = new long[count];
    long[] events = new long[count];
    int joined = -1;
    long deadline = records.due(at);
    position = isMany(at) ? body(at) + BYTES + region.getInt(body(at) + BEGIN) : 0;
    for (int i = 0; i < count; i++) {
      long number = i < count - 1 ? readNumber() : records.number(at);
      long rounded = roundUp(deadline, policy.resolutionMillis());
      boolean joins = joined >= 0 && deadlines[joined] == rounded;
      if (joins && events[joined] + number <= NUMBER_MAX) {
        events[joined] += number;
      } else {
        joined++;
        deadlines[joined] = rounded;
        events[joined] = number;
      }
      deadline += i < count - 1 ? readNumber() : 0;
    }
    return rewrite(ref, deadlines, events, joined + 1);
  }

  private int rewrite(int ref, long[] deadlines, long[] events, int count) {
    long at = CounterRecords.at(ref);
    int head = records.body(at) + BYTES;
    int bytes = 0;
    for (int i = 0; i < count - 1; i++) {
      bytes += numberBytes(events[i]) + numberBytes(deadlines[i + 1] - deadlines[i]);
    }
    int wanted = head + bytes + bytes / 2 + PAIR_BYTES_MAX;
    int capacity = records.heap().capacity(ref);
    boolean fits = head + bytes <= capacity && wanted > capacity / 2;
    int to = fits || !isMany(at) ? ref : records.resize(ref, wanted, records.body(at));
    at = CounterRecords.at(to);
    records.flags(at, records.flags(at) | BUCKETS);
    records.due(at, deadlines[0]);
    records.number(at, events[count - 1]);
    if (!isMany(at)) {
      return to;
    }
    long body = body(at);
    long sum = 0;
    position = body + BYTES;
    for (int i = 0; i < count; i++) {
      sum += events[i];
      if (i < count - 1) {
        writeNumber(events[i]);
        writeNumber(deadlines[i + 1] - deadlines[i]);
      }
    }
    region.putLong(body + LAST, deadlines[count - 1]);
    region.putLong(body + SUM, sum);
    region.putInt(body + PAIRS, count);
    region.putInt(body + BEGIN, 0);
    region.putInt(body + END, (int) (position - body - BYTES));
    return to;
  }

  private boolean isMany(long at) {
    return (records.flags(at) & MANY) != 0;
  }

  private int pairs(long at) {
    return isMany(at) ? region.getInt(body(at) + PAIRS) : 1;
  }

  private long body(long at) {
    return at + records.body(at);
  }

  private static long roundUp(long millis, long resolution) {
    return Math.ceilDiv(millis, resolution) * resolution;
  }

  private long readNumber() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = region.getByte(position++);
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private void writeNumber(long value) {
    long rest = value;
    while (rest >= 0x80) {
      region.putByte(position++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    region.putByte(position++, (byte) rest);
  }

  private static int numberBytes(long value) {
    return Math.max(1, (63 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1);
  }
}
