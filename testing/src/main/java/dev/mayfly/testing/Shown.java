package dev.mayfly.testing;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.MayflyException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results as text, so that those of two stores can be compared; refusals by their code alone. */
public final class Shown {
  private static final int BYTES_MAX = 40;

  private Shown() {}

  /** The text of a result: equal for equal ones, arrays by their content. */
  public static String of(@Nullable Object result) {
    return switch (result) {
      case null -> "none";
      case byte[] bytes -> bytes(bytes);
      case MayflyException e -> e.code().name();
      case KeyMetrics metrics ->
          "%d/%d/%d".formatted(metrics.accessCount(), metrics.setCount(), metrics.lockCount());
      case Record record -> record(record);
      case List<?> list -> list.stream().map(Shown::of).toList().toString();
      default -> result.toString();
    };
  }

  private static String bytes(byte[] bytes) {
    return bytes.length <= BYTES_MAX
        ? "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'"
        : bytes.length + " bytes of hash " + Arrays.hashCode(bytes);
  }

  private static String record(Record record) {
    StringBuilder text = new StringBuilder(record.getClass().getSimpleName()).append('[');
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(record);
        text.append(component.getName()).append('=').append(of(value)).append(' ');
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }
    return text.append(']').toString();
  }
}
