package dev.mayfly.testing;

import static dev.mayfly.testing.ModelChecks.refusal;
import static dev.mayfly.testing.ModelChecks.require;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DecimalResult;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.ExpireRequest;
import dev.mayfly.store.ExpireResult;
import dev.mayfly.store.IncrementDecimalRequest;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Lock;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadAndExpireRequest;
import dev.mayfly.store.ReapRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import dev.mayfly.store.UnlockRequest;
import dev.mayfly.store.UnlockResult;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each write means, in the model. The key's lock and lifespan, if over, are ended before. */
final class ModelWrites {
  private final ModelKeyspace model;

  ModelWrites(ModelKeyspace model) {
    this.model = model;
  }

  @Nullable Object apply(String key, KeyMutation<?> request, Stamp stamp) {
    ModelEntry before = model.live(key, stamp.timeMillis());
    return switch (request) {
      case SetRequest set -> set(key, before, set, stamp);
      case DeleteRequest delete -> delete(key, before, delete, stamp);
      case PopRequest _ -> pop(key, before, stamp);
      case LockRequest lock -> lock(key, before, lock, stamp);
      case UnlockRequest unlock -> unlock(key, before, unlock, stamp);
      case IncrementRequest increment -> increment(key, before, increment, stamp);
      case IncrementDecimalRequest increment -> incrementDecimal(key, before, increment, stamp);
      case AppendRequest append -> append(key, before, append, stamp);
      case SetRangeRequest range -> setRange(key, before, range, stamp);
      case SetBitRequest bit -> setBit(key, before, bit, stamp);
      case ExpireRequest expire -> expire(key, before, expire, stamp);
      case ReadAndExpireRequest expire -> readAndExpire(key, before, expire, stamp);
      case ReapRequest _ -> before == null;
    };
  }

  static void requireUnlocked(@Nullable ModelEntry entry, Stamp stamp) {
    if (entry != null && entry.lock != null && !entry.isLockOver(stamp.timeMillis())) {
      require(entry.lock.owner().equals(stamp.client()), ErrorCode.LOCKED);
    }
  }

  private static long revision(@Nullable ModelEntry entry) {
    return entry == null ? 0 : entry.revision;
  }

  private static boolean holds(Condition condition, @Nullable ModelEntry entry) {
    return switch (condition.kind()) {
      case ALWAYS -> true;
      case IF_ABSENT -> entry == null;
      case IF_PRESENT -> entry != null;
      case IF_REVISION -> entry != null && entry.revision == condition.revision();
      case IF_LEASED -> false;
      case IF_VALUE -> entry != null && Arrays.equals(entry.value, condition.value());
    };
  }

  private static boolean isPast(Lifespan lifespan, Stamp stamp) {
    return lifespan.kind() == Lifespan.Kind.UNTIL && lifespan.millis() <= stamp.timeMillis();
  }

  /** A write in the making: a copy of the entry, or a new one, and the events so far. */
  private final class Draft {
    final String key;
    final Stamp stamp;
    final ModelEntry entry;
    final boolean isNew;
    final List<EventKind> kinds = new ArrayList<>();

    Draft(String key, @Nullable ModelEntry before, Stamp stamp) {
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
        case UNTIL -> lifespan(lifespan.millis(), now, EventKind.LIFESPAN_SET);
        case LEASE ->
            throw new MayflyException(ErrorCode.NOT_FOUND, "the model knows of no leases");
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

    private void lifespan(long deadlineMillis, long setMillis, EventKind kind) {
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

  private SetResult set(String key, @Nullable ModelEntry before, SetRequest set, Stamp stamp) {
    requireUnlocked(before, stamp);
    byte[] previous = set.previousWanted() && before != null ? before.value : null;
    if (!holds(set.condition(), before)) {
      return new SetResult(false, false, revision(before), previous);
    }
    if (isPast(set.lifespan(), stamp)) {
      long gone = before == null ? 0 : model.remove(key, stamp, List.of(EventKind.DELETED));
      return new SetResult(true, false, gone, previous);
    }
    if (before == null) {
      Draft draft = new Draft(key, null, stamp);
      draft.rules(set.rules());
      draft.kinds.add(EventKind.CREATED);
      draft.value(set.value(), set.contentType(), set.rules());
      draft.lifespan(set.lifespan(), set.rules().unstatedLifespan());
      if (set.lockMillis() != 0) {
        draft.lock(set.lockMillis(), false);
      }
      draft.entry.countSet(stamp.timeMillis());
      return new SetResult(true, true, draft.commit(), null);
    }
    boolean equal =
        Arrays.equals(set.value(), before.value)
            && (set.contentType() == null || set.contentType().equals(before.contentType));
    Draft draft = new Draft(key, before, stamp);
    draft.rules(set.rules());
    boolean changed = draft.lifespan(set.lifespan(), set.rules().unstatedLifespan());
    if (set.lockMillis() != 0) {
      draft.lock(set.lockMillis(), false);
      changed = true;
    }
    if (!equal || set.rules().equalValueChanges()) {
      draft.value(set.value(), set.contentType(), set.rules());
      draft.kinds.add(EventKind.UPDATED);
      changed = true;
    }
    if (!changed) {
      before.countSet(stamp.timeMillis());
      return new SetResult(true, false, before.revision, previous);
    }
    draft.entry.countSet(stamp.timeMillis());
    return new SetResult(true, false, draft.commit(), previous);
  }

  private DeleteResult delete(
      String key, @Nullable ModelEntry before, DeleteRequest delete, Stamp stamp) {
    if (before == null) {
      return new DeleteResult(false, false, 0);
    }
    if (!delete.forced()) {
      requireUnlocked(before, stamp);
    }
    if (!holds(delete.condition(), before)) {
      return new DeleteResult(false, true, before.revision);
    }
    return new DeleteResult(true, true, model.remove(key, stamp, List.of(EventKind.DELETED)));
  }

  private @Nullable Entry pop(String key, @Nullable ModelEntry before, Stamp stamp) {
    if (before == null) {
      return null;
    }
    requireUnlocked(before, stamp);
    model.remove(key, stamp, List.of(EventKind.DELETED));
    return before.entry(before.value, stamp.timeMillis(), false);
  }

  private LockResult lock(String key, @Nullable ModelEntry before, LockRequest lock, Stamp stamp) {
    boolean creates = lock.createIfMissing() && lock.token() == 0;
    require(before != null || creates, ErrorCode.NOT_FOUND);
    requireUnlocked(before, stamp);
    Lock held = before == null ? null : before.lock;
    boolean renews = held != null && held.token() == lock.token();
    require(lock.token() == 0 || renews, ErrorCode.LOCKED);
    Draft draft = new Draft(key, before, stamp);
    draft.rules(lock.rules());
    if (draft.isNew) {
      draft.kinds.add(EventKind.CREATED);
      draft.value(new byte[0], null, lock.rules());
    }
    draft.lock(lock.lockMillis(), lock.extend());
    long revision = draft.commit();
    Lock taken = draft.entry.lock;
    if (taken == null) {
      throw new IllegalStateException("model: no lock");
    }
    return new LockResult(taken.token(), taken.deadlineMillis(), draft.isNew, revision);
  }

  private UnlockResult unlock(
      String key, @Nullable ModelEntry before, UnlockRequest unlock, Stamp stamp) {
    if (before == null) {
      throw refusal(ErrorCode.NOT_FOUND);
    }
    if (before.lock == null) {
      return new UnlockResult(false, before.revision);
    }
    requireUnlocked(before, stamp);
    require(unlock.token() == 0 || unlock.token() == before.lock.token(), ErrorCode.LOCKED);
    Draft draft = new Draft(key, before, stamp);
    draft.entry.lock = null;
    draft.kinds.add(EventKind.UNLOCKED);
    return new UnlockResult(true, draft.commit());
  }

  private NumberResult increment(
      String key, @Nullable ModelEntry before, IncrementRequest increment, Stamp stamp) {
    requireUnlocked(before, stamp);
    BigInteger old = BigInteger.ZERO;
    if (before != null) {
      String text = new String(before.value, StandardCharsets.ISO_8859_1);
      require(text.matches("0|-?[1-9][0-9]{0,18}"), ErrorCode.NOT_A_NUMBER);
      old = new BigInteger(text);
      require(old.bitLength() < 64, ErrorCode.NOT_A_NUMBER);
    }
    BigInteger sum = old.add(BigInteger.valueOf(increment.by()));
    require(sum.bitLength() < 64, ErrorCode.NUMBER_OVERFLOW);
    byte[] value = sum.toString().getBytes(StandardCharsets.US_ASCII);
    Draft draft = rewrite(key, before, value, increment.lifespan(), increment.rules(), stamp);
    return new NumberResult(sum.longValue(), draft.isNew, draft.entry.revision);
  }

  private DecimalResult incrementDecimal(
      String key, @Nullable ModelEntry before, IncrementDecimalRequest increment, Stamp stamp) {
    requireUnlocked(before, stamp);
    BigDecimal old = BigDecimal.ZERO;
    if (before != null) {
      try {
        old = new BigDecimal(new String(before.value, StandardCharsets.ISO_8859_1));
      } catch (NumberFormatException e) {
        throw refusal(ErrorCode.NOT_A_NUMBER);
      }
    }
    BigDecimal sum = old.add(increment.by());
    if (sum.scale() > 17) {
      sum = sum.setScale(17, RoundingMode.HALF_EVEN);
    }
    String text = sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString();
    byte[] value = text.getBytes(StandardCharsets.US_ASCII);
    Draft draft = rewrite(key, before, value, Lifespan.UNSTATED, increment.rules(), stamp);
    return new DecimalResult(text, draft.isNew, draft.entry.revision);
  }

  private NumberResult append(
      String key, @Nullable ModelEntry before, AppendRequest append, Stamp stamp) {
    requireUnlocked(before, stamp);
    byte[] old = before == null ? new byte[0] : before.value;
    byte[] value = grown(old, old.length, append.tail(), append.rules());
    Draft draft = rewrite(key, before, value, Lifespan.UNSTATED, append.rules(), stamp);
    return new NumberResult(value.length, draft.isNew, draft.entry.revision);
  }

  private NumberResult setRange(
      String key, @Nullable ModelEntry before, SetRangeRequest range, Stamp stamp) {
    requireUnlocked(before, stamp);
    byte[] old = before == null ? new byte[0] : before.value;
    if (range.part().length == 0) {
      return new NumberResult(old.length, false, revision(before));
    }
    byte[] value = grown(old, range.offset(), range.part(), range.rules());
    Draft draft = rewrite(key, before, value, Lifespan.UNSTATED, range.rules(), stamp);
    return new NumberResult(value.length, draft.isNew, draft.entry.revision);
  }

  private NumberResult setBit(
      String key, @Nullable ModelEntry before, SetBitRequest bit, Stamp stamp) {
    requireUnlocked(before, stamp);
    byte[] old = before == null ? new byte[0] : before.value;
    int at = (int) (bit.bit() / 8);
    int mask = 1 << (7 - (int) (bit.bit() % 8));
    int byteBefore = at < old.length ? old[at] : 0;
    int byteAfter = bit.on() ? byteBefore | mask : byteBefore & ~mask;
    byte[] value = grown(old, at, new byte[] {(byte) byteAfter}, bit.rules());
    Draft draft = rewrite(key, before, value, Lifespan.UNSTATED, bit.rules(), stamp);
    long bitBefore = (byteBefore & mask) == 0 ? 0 : 1;
    return new NumberResult(bitBefore, draft.isNew, draft.entry.revision);
  }

  private byte[] grown(byte[] old, long offset, byte[] part, Rules rules) {
    long end = Math.max(old.length, offset + part.length);
    require(end <= rules.valueBytesMax(), ErrorCode.VALUE_TOO_LARGE);
    require(end <= model.limits.bounds().valueBytesMax(), ErrorCode.VALUE_TOO_LARGE);
    byte[] value = Arrays.copyOf(old, (int) end);
    System.arraycopy(part, 0, value, (int) offset, part.length);
    return value;
  }

  private Draft rewrite(
      String key,
      @Nullable ModelEntry before,
      byte[] value,
      Lifespan lifespan,
      Rules rules,
      Stamp stamp) {
    Draft draft = new Draft(key, before, stamp);
    draft.rules(rules);
    if (draft.isNew) {
      draft.kinds.add(EventKind.CREATED);
    }
    draft.lifespan(lifespan, null);
    if (!draft.isNew) {
      draft.kinds.add(EventKind.UPDATED);
    }
    draft.value(value, null, rules);
    draft.entry.countSet(stamp.timeMillis());
    draft.commit();
    return draft;
  }

  private ExpireResult expire(
      String key, @Nullable ModelEntry before, ExpireRequest expire, Stamp stamp) {
    if (before == null) {
      return new ExpireResult(false, false, 0);
    }
    requireUnlocked(before, stamp);
    boolean has = before.deadlineMillis != 0;
    boolean forever = expire.lifespan().kind() == Lifespan.Kind.CLEAR;
    long asked =
        expire.lifespan().kind() == Lifespan.Kind.FOR
            ? stamp.timeMillis() + expire.lifespan().millis()
            : expire.lifespan().millis();
    boolean holds =
        switch (expire.condition()) {
          case ALWAYS -> true;
          case IF_NONE -> !has;
          case IF_ANY -> has;
          case IF_LATER -> has && (forever || asked > before.deadlineMillis);
          case IF_EARLIER -> !forever && (!has || asked < before.deadlineMillis);
          case IF_ANY_AND_EARLIER -> !forever && has && asked < before.deadlineMillis;
        };
    if (!holds) {
      return new ExpireResult(false, true, before.revision);
    }
    if (isPast(expire.lifespan(), stamp)) {
      return new ExpireResult(true, true, model.remove(key, stamp, List.of(EventKind.DELETED)));
    }
    Draft draft = new Draft(key, before, stamp);
    if (!draft.lifespan(expire.lifespan(), null)) {
      return new ExpireResult(false, true, before.revision);
    }
    return new ExpireResult(true, true, draft.commit());
  }

  private @Nullable Entry readAndExpire(
      String key, @Nullable ModelEntry before, ReadAndExpireRequest expire, Stamp stamp) {
    if (before == null) {
      return null;
    }
    requireUnlocked(before, stamp);
    Entry read = before.entry(before.value, stamp.timeMillis(), false);
    if (isPast(expire.lifespan(), stamp)) {
      model.remove(key, stamp, List.of(EventKind.DELETED));
      return read;
    }
    Draft draft = new Draft(key, before, stamp);
    if (draft.lifespan(expire.lifespan(), null)) {
      draft.commit();
    }
    return read;
  }

  TransferResult transfer(TransferRequest request, Stamp stamp) {
    String source = ModelKeyspace.text(request.source());
    String target = ModelKeyspace.text(request.target());
    ModelEntry from = model.live(source, stamp.timeMillis());
    ModelEntry into = model.live(target, stamp.timeMillis());
    if (from == null) {
      throw refusal(ErrorCode.NOT_FOUND);
    }
    if (source.equals(target)) {
      return new TransferResult(request.replacing(), request.replacing() ? from.revision : 0);
    }
    if (!request.sourceKept()) {
      requireUnlocked(from, stamp);
    }
    requireUnlocked(into, stamp);
    if (into != null && !request.replacing()) {
      return new TransferResult(false, 0);
    }
    Draft draft = new Draft(target, into, stamp);
    draft.rules(request.rules());
    draft.kinds.add(draft.isNew ? EventKind.CREATED : EventKind.UPDATED);
    draft.value(from.value, from.contentType, request.rules());
    if (from.deadlineMillis != 0 || draft.entry.deadlineMillis != 0) {
      draft.lifespan(from.deadlineMillis, from.lifespanSetMillis, EventKind.LIFESPAN_SET);
    }
    draft.entry.countSet(stamp.timeMillis());
    long revision = draft.commit();
    if (!request.sourceKept()) {
      model.remove(source, stamp, List.of(EventKind.DELETED));
    }
    return new TransferResult(true, revision);
  }
}
