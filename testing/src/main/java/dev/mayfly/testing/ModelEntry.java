package dev.mayfly.testing;

import dev.mayfly.store.Entry;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.ReadRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key of the model, plain and open to it. Confined to the model's lock. */
final class ModelEntry {
  byte[] value = new byte[0];
  @Nullable String contentType;
  long revision;
  long version;
  long createdMillis;
  long updatedMillis;
  long deadlineMillis;
  long lifespanSetMillis;
  @Nullable Lock lock;
  boolean tracked;

  /** The versions before the current one, the oldest first. */
  List<PastValue> older = new ArrayList<>();

  /** Counts, first and last times of accesses, sets and locks, as {@link KeyMetrics} has them. */
  long @Nullable [] metrics;

  ModelEntry copy() {
    ModelEntry copy = new ModelEntry();
    copy.value = value;
    copy.contentType = contentType;
    copy.revision = revision;
    copy.version = version;
    copy.createdMillis = createdMillis;
    copy.updatedMillis = updatedMillis;
    copy.deadlineMillis = deadlineMillis;
    copy.lifespanSetMillis = lifespanSetMillis;
    copy.lock = lock;
    copy.tracked = tracked;
    copy.older = new ArrayList<>(older);
    copy.metrics = metrics == null ? null : metrics.clone();
    return copy;
  }

  boolean isExpired(long nowMillis) {
    return deadlineMillis != 0 && deadlineMillis <= nowMillis;
  }

  boolean isLockOver(long nowMillis) {
    return lock != null && lock.deadlineMillis() <= nowMillis;
  }

  long lifespanMillis() {
    return deadlineMillis == 0 ? 0 : deadlineMillis - lifespanSetMillis;
  }

  PastValue current() {
    long madeMillis = updatedMillis == 0 ? createdMillis : updatedMillis;
    return new PastValue(value, contentType, version, revision, madeMillis);
  }

  Entry entry(byte[] part, long nowMillis, boolean metricsWanted) {
    return new Entry(
        part,
        value.length,
        revision,
        version,
        createdMillis,
        updatedMillis,
        deadlineMillis,
        lifespanMillis(),
        lifespanSetMillis,
        0,
        contentType,
        isLockOver(nowMillis) ? null : lock,
        metricsWanted ? keyMetrics() : null);
  }

  private @Nullable KeyMetrics keyMetrics() {
    long[] m = metrics;
    return m == null ? null : new KeyMetrics(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]);
  }

  void countAccess(long nowMillis) {
    count(0, nowMillis);
  }

  void countSet(long nowMillis) {
    count(3, nowMillis);
  }

  void countLock(long nowMillis) {
    count(6, nowMillis);
  }

  private void count(int at, long nowMillis) {
    long[] m = metrics;
    if (m != null) {
      m[at]++;
      m[at + 1] = m[at + 1] == 0 ? nowMillis : m[at + 1];
      m[at + 2] = nowMillis;
    }
  }

  /** The part of the value that a request wants. */
  byte[] part(ReadRequest request) {
    return switch (request.part()) {
      case METADATA -> new byte[0];
      case VALUE -> value;
      case RANGE -> {
        long from = request.from() < 0 ? value.length + request.from() : request.from();
        // An end before the value is its first byte, unless both are counted from the end and
        // crossed.
        long to = request.to() < 0 ? Math.max(0, value.length + request.to()) : request.to();
        boolean crossed = request.from() < 0 && request.to() < 0 && request.from() > request.to();
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        for (int i = 0; i < value.length; i++) {
          if (i >= from && i <= to && !crossed) {
            part.write(value[i]);
          }
        }
        yield part.toByteArray();
      }
    };
  }
}
