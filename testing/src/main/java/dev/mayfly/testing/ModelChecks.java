package dev.mayfly.testing;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.ExpireRequest;
import dev.mayfly.store.IncrementDecimalRequest;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Leases;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadAndExpireRequest;
import dev.mayfly.store.ReapRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.UnlockRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What the model refuses without looking at an entry, in order. */
record ModelChecks(Bounds bounds) {
  static MayflyException refusal(ErrorCode code) {
    return new MayflyException(code, "model: " + code.summary());
  }

  static void require(boolean fine, ErrorCode otherwise) {
    if (!fine) {
      throw refusal(otherwise);
    }
  }

  void requireWritable(byte[] key, boolean readOnly) {
    require(key.length > 0, ErrorCode.EMPTY_KEY);
    String text = new String(key, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    require(!text.startsWith("keyquarry"), ErrorCode.RESERVED_KEY);
    require(!readOnly, ErrorCode.READ_ONLY);
    require(key.length <= bounds.keyBytesMax(), ErrorCode.KEY_TOO_LONG);
  }

  void requireValid(KeyMutation<?> request, boolean readOnly) {
    if (!(request instanceof ReapRequest)) {
      requireWritable(request.key(), readOnly);
    }
    switch (request) {
      case SetRequest set -> {
        requireSize(set.value().length, set.rules());
        if (set.lockMillis() != 0) {
          requireLock(set.lockMillis());
        }
        requireLifespan(set.lifespan(), set.rules());
      }
      case LockRequest lock -> requireLock(lock.lockMillis());
      case AppendRequest append -> requireSize(append.tail().length, append.rules());
      case SetRangeRequest range -> {
        require(range.offset() >= 0, ErrorCode.ARGUMENT_INVALID);
        if (range.part().length > 0) {
          require(range.offset() <= Integer.MAX_VALUE, ErrorCode.VALUE_TOO_LARGE);
          requireSize(range.offset() + range.part().length, range.rules());
        }
      }
      case SetBitRequest bit -> {
        require(bit.bit() >= 0, ErrorCode.ARGUMENT_INVALID);
        requireSize(bit.bit() / 8 + 1, bit.rules());
      }
      case IncrementRequest increment -> requireLifespan(increment.lifespan(), increment.rules());
      case ExpireRequest expire -> {
        boolean says =
            expire.lifespan().kind() != Lifespan.Kind.UNSTATED
                && expire.lifespan().kind() != Lifespan.Kind.KEEP;
        require(says, ErrorCode.LIFESPAN_INVALID);
        requireLifespan(expire.lifespan(), expire.rules());
      }
      case ReadAndExpireRequest expire -> requireLifespan(expire.lifespan(), expire.rules());
      case DeleteRequest _,
          PopRequest _,
          UnlockRequest _,
          IncrementDecimalRequest _,
          ReapRequest _ -> {}
    }
  }

  void requireSize(long bytes, Rules rules) {
    long max = Math.min(bounds.valueBytesMax(), rules.valueBytesMax());
    require(bytes <= max, ErrorCode.VALUE_TOO_LARGE);
  }

  private void requireLock(long millis) {
    require(millis <= bounds.lockMillisMax(), ErrorCode.LOCK_DURATION_TOO_LONG);
    require(millis >= bounds.lockMillisMin(), ErrorCode.LOCK_DURATION_INVALID);
  }

  private static void requireLifespan(Lifespan lifespan, Rules rules) {
    boolean fine =
        switch (lifespan.kind()) {
          case FOR ->
              lifespan.millis() >= rules.lifespanMillisMin()
                  && lifespan.millis() <= Bounds.DEADLINE_MILLIS_MAX / 2;
          case UNTIL -> lifespan.millis() >= 0 && lifespan.millis() <= Bounds.DEADLINE_MILLIS_MAX;
          case UNSTATED, KEEP, CLEAR -> true;
          case LEASE -> lifespan.millis() >= 1 && lifespan.millis() <= Leases.LEASE_MAX;
        };
    require(fine, ErrorCode.LIFESPAN_INVALID);
  }
}
