package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What some counters, limits and leases had become at a time, as it is stored. Immutable by
 * contract.
 *
 * @param number blocks of a server are counted from 1 on, without a gap
 * @param changes how many keys it has
 * @param checksum of the data and the number, CRC-32C
 */
record CounterBlock(long number, long writtenMillis, long changes, long checksum, byte[] data) {
  static CounterBlock of(long number, List<SavedCounter> counters, long nowMillis) {
    byte[] data = encode(counters);
    long checksum = ChangeBlock.checksum(data, number);
    return new CounterBlock(number, nowMillis, counters.size(), checksum, data);
  }

  static byte[] encode(List<SavedCounter> counters) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      for (SavedCounter counter : counters) {
        SavedCodec.write(to, counter);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * What it has.
   *
   * @throws JournalException when it is damaged
   */
  List<SavedCounter> decode() {
    if (!ChangeBlock.isChecksum(checksum, data, number)) {
      throw damaged(number, "its checksum is wrong");
    }
    try {
      return decode(data);
    } catch (IOException e) {
      throw damaged(number, String.valueOf(e.getMessage()));
    }
  }

  static List<SavedCounter> decode(byte[] data) throws IOException {
    List<SavedCounter> counters = new ArrayList<>();
    try (DataInputStream from = new DataInputStream(new ByteArrayInputStream(data))) {
      while (from.available() > 0) {
        counters.add(SavedCodec.readCounter(from));
      }
    }
    return counters;
  }

  static JournalException damaged(long number, String why) {
    return new JournalException(
        "the journal is damaged: block %d of counters cannot be read (%s); nothing was changed:"
                .formatted(number, why)
            + " restore a backup, or choose an older snapshot");
  }
}
