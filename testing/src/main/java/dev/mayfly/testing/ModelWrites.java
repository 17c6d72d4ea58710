package dev.mayfly.testing;

import static dev.mayfly.testing.ModelChecks.refusal;
import static dev.mayfly.testing.ModelChecks.require;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.Condition;
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
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadAndExpireRequest;
import dev.mayfly.store.ReapRequest;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import dev.mayfly.store.UnlockRequest;
import dev.mayfly.store.UnlockResult;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each write means, in the model. The key's lock and lifespan, if over, are ended before. */
final class ModelWrites {
  private final ModelKeyspace model;
  private final ModelRewrites rewrites;

  ModelWrites(ModelKeyspace model) {
    this.model = model;
    rewrites = new ModelRewrites(model);
  }

  @Nullable Object apply(String key, KeyMutation<?> request, Stamp stamp) {
    ModelEntry before = model.live(key, stamp.timeMillis());
    return switch (request) {
      case SetRequest set -> set(key, before, set, stamp);
      case DeleteRequest delete -> delete(key, before, delete, stamp);
      case PopRequest _ -> pop(key, before, stamp);
      case LockRequest lock -> lock(key, before, lock, stamp);
      case UnlockRequest unlock -> unlock(key, before, unlock, stamp);
      case IncrementRequest increment -> rewrites.increment(key, before, increment, stamp);
      case IncrementDecimalRequest increment ->
          rewrites.incrementDecimal(key, before, increment, stamp);
      case AppendRequest append -> rewrites.append(key, before, append, stamp);
      case SetRangeRequest range -> rewrites.setRange(key, before, range, stamp);
      case SetBitRequest bit -> rewrites.setBit(key, before, bit, stamp);
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

  private SetResult set(String key, @Nullable ModelEntry before, SetRequest set, Stamp stamp) {
    requireUnlocked(before, stamp);
    byte[] previous = set.previousWanted() && before != null ? before.value : null;
    if (!holds(set.condition(), before)) {
      return new SetResult(false, false, revision(before), previous);
    }
    if (isPast(set.lifespan(), stamp)) {
      long gone = before == null ? 0 : model.remove(key, stamp, List.of(EventKind.DELETED));
      if (before == null) {
        model.pass(key);
      }
      return new SetResult(true, false, gone, previous);
    }
    if (before == null) {
      ModelDraft draft = new ModelDraft(model, key, null, stamp);
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
    ModelDraft draft = new ModelDraft(model, key, before, stamp);
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
    ModelDraft draft = new ModelDraft(model, key, before, stamp);
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
    ModelDraft draft = new ModelDraft(model, key, before, stamp);
    draft.entry.lock = null;
    draft.kinds.add(EventKind.UNLOCKED);
    return new UnlockResult(true, draft.commit());
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
    ModelDraft draft = new ModelDraft(model, key, before, stamp);
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
    ModelDraft draft = new ModelDraft(model, key, before, stamp);
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
    ModelDraft draft = new ModelDraft(model, target, into, stamp);
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
