package dev.mayfly.testing;

import static dev.mayfly.testing.ModelChecks.refusal;
import static dev.mayfly.testing.ModelChecks.require;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.DecimalResult;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.IncrementDecimalRequest;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.Stamp;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the writes mean in the model that make a value from the one before. */
final class ModelRewrites {
  private final ModelKeyspace model;

  ModelRewrites(ModelKeyspace model) {
    this.model = model;
  }

  NumberResult increment(
      String key, @Nullable ModelEntry before, IncrementRequest increment, Stamp stamp) {
    ModelWrites.requireUnlocked(before, stamp);
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
    ModelDraft draft = rewrite(key, before, value, increment.lifespan(), increment.rules(), stamp);
    return new NumberResult(sum.longValue(), draft.isNew, draft.entry.revision);
  }

  DecimalResult incrementDecimal(
      String key, @Nullable ModelEntry before, IncrementDecimalRequest increment, Stamp stamp) {
    ModelWrites.requireUnlocked(before, stamp);
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
    ModelDraft draft = rewrite(key, before, value, Lifespan.UNSTATED, increment.rules(), stamp);
    return new DecimalResult(text, draft.isNew, draft.entry.revision);
  }

  NumberResult append(String key, @Nullable ModelEntry before, AppendRequest append, Stamp stamp) {
    ModelWrites.requireUnlocked(before, stamp);
    byte[] old = before == null ? new byte[0] : before.value;
    byte[] value = grown(old, old.length, append.tail(), append.rules());
    ModelDraft draft = rewrite(key, before, value, Lifespan.UNSTATED, append.rules(), stamp);
    return new NumberResult(value.length, draft.isNew, draft.entry.revision);
  }

  NumberResult setRange(
      String key, @Nullable ModelEntry before, SetRangeRequest range, Stamp stamp) {
    ModelWrites.requireUnlocked(before, stamp);
    byte[] old = before == null ? new byte[0] : before.value;
    if (range.part().length == 0) {
      return new NumberResult(old.length, false, before == null ? 0 : before.revision);
    }
    byte[] value = grown(old, range.offset(), range.part(), range.rules());
    ModelDraft draft = rewrite(key, before, value, Lifespan.UNSTATED, range.rules(), stamp);
    return new NumberResult(value.length, draft.isNew, draft.entry.revision);
  }

  NumberResult setBit(String key, @Nullable ModelEntry before, SetBitRequest bit, Stamp stamp) {
    ModelWrites.requireUnlocked(before, stamp);
    byte[] old = before == null ? new byte[0] : before.value;
    int at = (int) (bit.bit() / 8);
    int mask = 1 << (7 - (int) (bit.bit() % 8));
    int byteBefore = at < old.length ? old[at] : 0;
    int byteAfter = bit.on() ? byteBefore | mask : byteBefore & ~mask;
    long bitBefore = (byteBefore & mask) == 0 ? 0 : 1;
    byte[] value = grown(old, at, new byte[] {(byte) byteAfter}, bit.rules());
    if (before != null && Arrays.equals(value, old)) {
      return new NumberResult(bitBefore, false, before.revision);
    }
    ModelDraft draft = rewrite(key, before, value, Lifespan.UNSTATED, bit.rules(), stamp);
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

  private ModelDraft rewrite(
      String key,
      @Nullable ModelEntry before,
      byte[] value,
      Lifespan lifespan,
      Rules rules,
      Stamp stamp) {
    ModelDraft draft = new ModelDraft(model, key, before, stamp);
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
}
