package dev.mayfly.testing;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Who waits for the model's locks: one list, gone through after every step of the model. */
final class ModelWaits {
  private static final int KEY_WAITERS_MAX = 1_000;

  private final ModelKeyspace model;
  private final List<Waiting> list = new ArrayList<>();
  private boolean paused;

  ModelWaits(ModelKeyspace model) {
    this.model = model;
  }

  private final class Waiting implements LockWaits.Ticket {
    private final LockRequest request;
    private final String client;
    private final long deadlineMillis;
    private final LockWaiter waiter;

    Waiting(LockRequest request, String client, long deadlineMillis, LockWaiter waiter) {
      this.request = request;
      this.client = client;
      this.deadlineMillis = deadlineMillis;
      this.waiter = waiter;
    }

    @Override
    public boolean cancel() {
      synchronized (model) {
        return list.remove(this);
      }
    }

    /** Whether it is served, with the lock or without. */
    boolean tryServe(long nowMillis) {
      LockResult result;
      try {
        Stamp stamp = new Stamp(nowMillis, client);
        result = (LockResult) Objects.requireNonNull(model.applyAlone(request, stamp));
      } catch (MayflyException e) {
        if (e.code() == ErrorCode.LOCKED && nowMillis < deadlineMillis) {
          return false;
        }
        waiter.onRefused(e);
        return true;
      }
      waiter.onGranted(result);
      return true;
    }
  }

  LockWaits.Ticket add(LockRequest request, long waitMillis, Stamp stamp, LockWaiter waiter) {
    if (waitMillis < 0 || waitMillis > LockWaits.WAIT_MILLIS_MAX) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "wait of " + waitMillis + "ms");
    }
    long now = stamp.timeMillis();
    settle(now);
    String key = ModelKeyspace.text(request.key());
    Waiting waiting = new Waiting(request, stamp.client(), now + waitMillis, waiter);
    LockResult result;
    try {
      result = (LockResult) Objects.requireNonNull(model.applyAlone(request, stamp));
    } catch (MayflyException e) {
      if (e.code() != ErrorCode.LOCKED) {
        throw e;
      }
      if (waitMillis == 0) {
        waiter.onRefused(e);
        return waiting;
      }
      long ahead = list.stream().filter(w -> isOf(w, key)).count();
      if (ahead >= KEY_WAITERS_MAX) {
        throw new MayflyException(ErrorCode.OVERLOADED, ahead + " wait for this lock");
      }
      list.add(waiting);
      return waiting;
    }
    waiter.onGranted(result);
    return waiting;
  }

  private static boolean isOf(Waiting waiting, String key) {
    return ModelKeyspace.text(waiting.request.key()).equals(key);
  }

  /** Serves everybody whose turn, or whose end, has come. */
  void settle(long nowMillis) {
    if (paused) {
      return;
    }
    for (Waiting waiting : List.copyOf(list)) {
      if (list.contains(waiting) && waiting.tryServe(nowMillis)) {
        list.remove(waiting);
      }
    }
  }

  /** Serves nobody until {@link #goOn}: in a transaction. */
  void pause() {
    paused = true;
  }

  void goOn() {
    paused = false;
  }

  void refuseAll(MayflyException refusal) {
    List<Waiting> refused = List.copyOf(list);
    list.clear();
    refused.forEach(waiting -> waiting.waiter.onRefused(refusal));
  }

  int count() {
    return list.size();
  }
}
