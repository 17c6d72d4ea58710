package dev.mayfly.testing;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Lock;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A write of the model in the making: a copy of the entry, or a new one, and the events so far. */
final class ModelDraft {
  private final ModelKeyspace model;
  final String key;
  final Stamp stamp;
  final ModelEntry entry;
  final boolean isNew;
  final List<EventKind> kinds = new ArrayList<>();

  ModelDraft(ModelKeyspace model, String key, @Nullable ModelEntry before, Stamp stamp) {
    this.model = model;
    this.key = key;
    this.stamp = stamp;
    isNew = before == null;
    entry = before == null ? model.create(key, stamp.timeMillis()) : before.copy();
  }

  void rules(Rules rules) {
    entry.tracked |= rules.historyMax() != 0;
    if (rules.keepsMetrics() && entry.metrics == null) {
      entry.metrics = new long[9];
    }
  }

  void value(byte[] value, @Nullable String contentType, Rules rules) {
    if (!isNew) {
      if (entry.tracked) {
        entry.older.add(entry.current());
      }
      entry.version++;
      entry.updatedMillis = stamp.timeMillis();
    }
    trim(rules.historyMax() != 0 ? rules.historyMax() : model.limits.historyMax());
    entry.value = value;
    entry.contentType = contentType;
  }

  private void trim(int versionsMax) {
    while (versionsMax >= 0 && entry.older.size() > Math.max(0, versionsMax - 1)) {
      entry.older.removeFirst();
    }
  }

  /** Whether anything changed. */
  boolean lifespan(Lifespan lifespan, Rules.@Nullable UnstatedLifespan unstated) {
    long now = stamp.timeMillis();
    boolean has = entry.deadlineMillis != 0;
    switch (lifespan.kind()) {
      case FOR -> lifespan(now + lifespan.millis(), now, EventKind.LIFESPAN_SET);
      case UNTIL -> lifespan(Math.max(1, lifespan.millis()), now, EventKind.LIFESPAN_SET);
      case LEASE -> throw new MayflyException(ErrorCode.NOT_FOUND, "the model knows of no leases");
      case KEEP -> {
        return false;
      }
      case CLEAR -> {
        if (!has) {
          return false;
        }
        lifespan(0, 0, EventKind.LIFESPAN_SET);
      }
      case UNSTATED -> {
        if (!has || unstated == null) {
          return false;
        }
        if (unstated == Rules.UnstatedLifespan.RENEW) {
          lifespan(now + entry.lifespanMillis(), now, EventKind.LIFESPAN_RENEWED);
        } else {
          lifespan(0, 0, EventKind.LIFESPAN_SET);
        }
      }
    }
    return true;
  }

  void lifespan(long deadlineMillis, long setMillis, EventKind kind) {
    entry.deadlineMillis = deadlineMillis;
    entry.lifespanSetMillis = setMillis;
    kinds.add(kind);
  }

  void lock(long lockMillis, boolean extend) {
    long now = stamp.timeMillis();
    Lock held = entry.lock;
    if (held == null) {
      entry.lock = new Lock(stamp.client(), 0, now, now + lockMillis);
    } else {
      long from = extend ? held.deadlineMillis() : now;
      entry.lock = new Lock(held.owner(), held.token(), held.createdMillis(), from + lockMillis);
    }
    entry.countLock(now);
    kinds.add(EventKind.LOCKED);
  }

  long commit() {
    long revision = model.put(key, entry, stamp, kinds);
    Lock lock = entry.lock;
    if (lock != null && lock.token() == 0) {
      entry.lock = new Lock(lock.owner(), revision, lock.createdMillis(), lock.deadlineMillis());
    }
    return revision;
  }
}
