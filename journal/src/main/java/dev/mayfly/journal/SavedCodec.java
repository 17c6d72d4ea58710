package dev.mayfly.journal;

import dev.mayfly.store.Bounds;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries and counters as bytes, in files of snapshots and blocks of counters. Numbers take seven
 * bits to a byte, the sign in the lowest; texts and bytes come behind their length; the times of a
 * counter are told by their distances. Stateless.
 */
final class SavedCodec {
  private static final int TRACKED = 1;
  private static final int GONE = 1 << 1;
  private static final int CONTENT_TYPE = 1 << 2;
  private static final int LOCK = 1 << 3;
  private static final int METRICS = 1 << 4;

  /** Longer than any list of numbers that a counter has. */
  private static final int NUMBERS_MAX = 1 << 21;

  /** All older versions of a value have to fit into memory. */
  private static final long HISTORY_BYTES_MAX = 128 << 20;

  private static final int PAST_BYTES = 64;

  private SavedCodec() {}

  static void write(DataOutputStream to, SavedEntry entry) throws IOException {
    int flags = entry.tracked() ? TRACKED : 0;
    flags |= entry.gone() ? GONE : 0;
    flags |= entry.contentType() == null ? 0 : CONTENT_TYPE;
    flags |= entry.lock() == null ? 0 : LOCK;
    flags |= entry.metrics() == null ? 0 : METRICS;
    to.writeByte(flags);
    bytes(to, entry.key());
    bytes(to, entry.value());
    numbers(to, entry.revision(), entry.version(), entry.createdMillis(), entry.updatedMillis());
    numbers(to, entry.deadlineMillis(), entry.lifespanSetMillis(), entry.lease());
    if (entry.contentType() != null) {
      text(to, entry.contentType());
    }
    Lock lock = entry.lock();
    if (lock != null) {
      text(to, lock.owner());
      numbers(to, lock.token(), lock.createdMillis(), lock.deadlineMillis());
    }
    KeyMetrics use = entry.metrics();
    if (use != null) {
      numbers(to, use.accessCount(), use.firstAccessedMillis(), use.lastAccessedMillis());
      numbers(to, use.setCount(), use.firstSetMillis(), use.lastSetMillis());
      numbers(to, use.lockCount(), use.firstLockedMillis(), use.lastLockedMillis());
    }
    number(to, entry.history().size());
    for (PastValue past : entry.history()) {
      to.writeBoolean(past.contentType() != null);
      if (past.contentType() != null) {
        text(to, past.contentType());
      }
      bytes(to, past.value());
      numbers(to, past.version(), past.revision(), past.timeMillis());
    }
  }

  static SavedEntry readEntry(DataInputStream from) throws IOException {
    int flags = from.readUnsignedByte();
    byte[] key = bytes(from);
    byte[] value = bytes(from);
    long[] head = new long[7];
    for (int i = 0; i < head.length; i++) {
      head[i] = number(from);
    }
    String type = (flags & CONTENT_TYPE) == 0 ? null : text(from);
    Lock lock =
        (flags & LOCK) == 0 ? null : new Lock(text(from), number(from), number(from), number(from));
    KeyMetrics use = (flags & METRICS) == 0 ? null : metrics(from);
    return new SavedEntry(
        key,
        value,
        head[0],
        head[1],
        head[2],
        head[3],
        head[4],
        head[5],
        head[6],
        type,
        (flags & TRACKED) != 0,
        (flags & GONE) != 0,
        lock,
        use,
        history(from));
  }

  private static KeyMetrics metrics(DataInputStream from) throws IOException {
    return new KeyMetrics(
        number(from),
        number(from),
        number(from),
        number(from),
        number(from),
        number(from),
        number(from),
        number(from),
        number(from));
  }

  private static List<PastValue> history(DataInputStream from) throws IOException {
    List<PastValue> history = new ArrayList<>();
    long bytes = 0;
    for (long left = number(from); left > 0; left--) {
      String type = from.readBoolean() ? text(from) : null;
      PastValue past = new PastValue(bytes(from), type, number(from), number(from), number(from));
      history.add(past);
      bytes += PAST_BYTES + past.value().length;
      if (bytes > HISTORY_BYTES_MAX) {
        throw new IOException(
            "a key with older versions of more than %d bytes".formatted(HISTORY_BYTES_MAX));
      }
    }
    return history;
  }

  static void write(DataOutputStream to, SavedCounter counter) throws IOException {
    to.writeByte(counter.kind().number());
    to.writeBoolean(counter.rounded());
    bytes(to, counter.namespace());
    bytes(to, counter.key());
    long before = 0;
    number(to, counter.ends().length);
    for (long end : counter.ends()) {
      number(to, end - before);
      before = end;
    }
    number(to, counter.amounts().length);
    numbers(to, counter.amounts());
    number(to, counter.names().length);
    numbers(to, counter.names());
  }

  static SavedCounter readCounter(DataInputStream from) throws IOException {
    SavedCounter.Kind kind;
    try {
      kind = SavedCounter.Kind.of(from.readUnsignedByte());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    boolean rounded = from.readBoolean();
    byte[] namespace = bytes(from);
    byte[] key = bytes(from);
    long[] ends = list(from);
    for (int i = 1; i < ends.length; i++) {
      ends[i] += ends[i - 1];
    }
    return new SavedCounter(kind, namespace, key, rounded, ends, list(from), list(from));
  }

  private static long[] list(DataInputStream from) throws IOException {
    int length = length(from, NUMBERS_MAX);
    List<Long> numbers = new ArrayList<>();
    for (int left = length; left > 0; left--) {
      numbers.add(number(from));
    }
    return numbers.stream().mapToLong(each -> each).toArray();
  }

  private static void text(DataOutputStream to, String text) throws IOException {
    bytes(to, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream from) throws IOException {
    return new String(bytes(from), StandardCharsets.UTF_8);
  }

  private static void bytes(DataOutputStream to, byte[] bytes) throws IOException {
    number(to, bytes.length);
    to.write(bytes);
  }

  /** Takes no more memory than there are bytes, whatever length they claim. */
  private static byte[] bytes(DataInputStream from) throws IOException {
    int length = length(from, Bounds.VALUE_BYTES_HARD_MAX);
    byte[] bytes = from.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("%d bytes: expected %d".formatted(bytes.length, length));
    }
    return bytes;
  }

  private static int length(DataInputStream from, int max) throws IOException {
    long length = number(from);
    if (length < 0 || length > max) {
      throw new IOException("length %d: expected 0 to %d".formatted(length, max));
    }
    return (int) length;
  }

  private static void numbers(DataOutputStream to, long... numbers) throws IOException {
    for (long number : numbers) {
      number(to, number);
    }
  }

  static void number(DataOutputStream to, long number) throws IOException {
    long rest = number << 1 ^ number >> 63;
    while ((rest & ~0x7FL) != 0) {
      to.writeByte((int) (rest | 0x80));
      rest >>>= 7;
    }
    to.writeByte((int) rest);
  }

  static long number(DataInputStream from) throws IOException {
    long rest = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = from.readUnsignedByte();
      rest |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return rest >>> 1 ^ -(rest & 1);
      }
    }
    throw new IOException("a number of more than ten bytes");
  }
}
