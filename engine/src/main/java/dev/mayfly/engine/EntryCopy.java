package dev.mayfly.engine;

import dev.mayfly.store.EntryView;
import dev.mayfly.store.Lock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An entry copied out of its shard, for a transition that looks at two at once. Immutable. */
record EntryCopy(
    long revision,
    long version,
    long createdMillis,
    long updatedMillis,
    long deadlineMillis,
    long lifespanMillis,
    long lifespanSetMillis,
    long lease,
    byte[] value,
    @Nullable String contentType,
    @Nullable Lock lock,
    boolean keepsHistory,
    boolean keepsMetrics)
    implements EntryView {
  static EntryCopy of(EntryView view) {
    return new EntryCopy(
        view.revision(),
        view.version(),
        view.createdMillis(),
        view.updatedMillis(),
        view.deadlineMillis(),
        view.lifespanMillis(),
        view.lifespanSetMillis(),
        view.lease(),
        view.value(),
        view.contentType(),
        view.lock(),
        view.keepsHistory(),
        view.keepsMetrics());
  }

  @Override
  public int valueLength() {
    return value.length;
  }

  @Override
  public boolean valueEquals(byte[] other) {
    return Arrays.equals(value, other);
  }
}
