package dev.mayfly.stress;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The operations of a workload, by their numbers. Confined to one thread. */
final class Operations {
  private static final byte[] NOTHING = {};
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int POOL_BYTES = 1 << 16;

  private final Workload workload;
  private final KeyPicker picker;
  private final Draw draw;
  private final byte[] pool;

  /**
   * Those of a workload.
   *
   * @param pool of {@link #pool}, which many may share
   */
  Operations(Workload workload, KeyPicker picker, byte[] pool) {
    this.workload = workload;
    this.picker = picker;
    this.pool = pool;
    draw = new Draw(workload.seed());
  }

  /** Letters that values are cut from: of random places, so that no two are much alike. */
  static byte[] pool(Workload workload) {
    ValueSize size = workload.valueSize();
    if (size == null) {
      return NOTHING;
    }
    byte[] pool = new byte[size.max() + POOL_BYTES];
    Draw draw = new Draw(workload.seed());
    draw.begin(Long.MIN_VALUE);
    for (int i = 0; i < pool.length; i++) {
      pool[i] = (byte) LETTERS.charAt((int) draw.below(LETTERS.length()));
    }
    return pool;
  }

  /** The operation of a number; always the same one. */
  Operation operation(long number) {
    draw.begin(number);
    boolean isRead = draw.fraction() * 100 < workload.readPercent();
    long key = picker.pick(number, draw);
    return new Operation(
        isRead,
        ascii(workload.prefix() + key),
        isRead ? NOTHING : value(key, workload.valueSize()));
  }

  private byte[] value(long key, @Nullable ValueSize size) {
    if (size == null) {
      return ascii("value:" + key);
    }
    int length = size.min() + (int) draw.below(size.max() - size.min() + 1L);
    int start = (int) draw.below(POOL_BYTES);
    return Arrays.copyOfRange(pool, start, start + length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
