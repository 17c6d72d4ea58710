package dev.mayfly.journal;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The checksum of rows: of one CRC-32C each, the sum over all is that of a snapshot, whatever the
 * order in which they are read. Confined to one thread.
 */
final class RowChecksum {
  private static final int LONGS_MAX = 16;

  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[LONGS_MAX * Long.BYTES];
  private final ByteBuffer longs = ByteBuffer.wrap(scratch);

  long of(SavedEntry entry) {
    crc.reset();
    text(entry.contentType());
    bytes(entry.key());
    bytes(entry.value());
    numbers(
        entry.revision(),
        entry.version(),
        entry.createdMillis(),
        entry.updatedMillis(),
        entry.deadlineMillis(),
        entry.lifespanSetMillis(),
        entry.tracked() ? 1 : 0,
        entry.gone() ? 1 : 0);
    if (entry.lease() != 0) {
      numbers(entry.lease());
    }
    lock(entry.lock());
    metrics(entry.metrics());
    for (PastValue past : entry.history()) {
      text(past.contentType());
      bytes(past.value());
      numbers(past.version(), past.revision(), past.timeMillis());
    }
    return crc.getValue();
  }

  private void lock(@Nullable Lock lock) {
    if (lock != null) {
      text(lock.owner());
      numbers(lock.token(), lock.createdMillis(), lock.deadlineMillis());
    }
  }

  private void metrics(@Nullable KeyMetrics metrics) {
    if (metrics != null) {
      numbers(
          metrics.accessCount(),
          metrics.firstAccessedMillis(),
          metrics.lastAccessedMillis(),
          metrics.setCount(),
          metrics.firstSetMillis(),
          metrics.lastSetMillis(),
          metrics.lockCount(),
          metrics.firstLockedMillis(),
          metrics.lastLockedMillis());
    }
  }

  long of(SavedCounter counter) {
    crc.reset();
    bytes(counter.namespace());
    bytes(counter.key());
    numbers(counter.kind().number(), counter.rounded() ? 1 : 0);
    for (long[] list : new long[][] {counter.ends(), counter.amounts(), counter.names()}) {
      for (long number : list) {
        numbers(number);
      }
    }
    return crc.getValue();
  }

  private void text(@Nullable String text) {
    if (text != null) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void bytes(byte[] bytes) {
    numbers(bytes.length);
    crc.update(bytes, 0, bytes.length);
  }

  private void numbers(long... numbers) {
    longs.clear();
    for (long number : numbers) {
      longs.putLong(number);
    }
    crc.update(scratch, 0, longs.position());
  }
}
