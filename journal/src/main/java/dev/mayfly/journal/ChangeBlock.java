package dev.mayfly.journal;

import dev.mayfly.store.Change;
import dev.mayfly.store.ChangeCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one cut, or a part of them, as they are stored. Immutable by contract.
 *
 * @param after the revision that the cut before ended with
 * @param revision the one that this cut ends with
 * @param part which of the parts it is, from 0 on
 * @param changes how many changes it has
 * @param checksum of the data and of what says where it belongs
 */
record ChangeBlock(
    long after,
    long revision,
    int part,
    int parts,
    long changes,
    long writtenMillis,
    long checksum,
    byte[] data) {

  /**
   * A block, with its checksum.
   *
   * @param changes how many changes the data has
   */
  static ChangeBlock of(
      long after, long revision, int part, int parts, long changes, long nowMillis, byte[] data) {
    long checksum = checksum(data, after, revision, part, parts);
    return new ChangeBlock(after, revision, part, parts, changes, nowMillis, checksum, data);
  }

  /** CRC-32C of the data and of the numbers that say what it is. */
  static long checksum(byte[] data, long... head) {
    CRC32C crc = new CRC32C();
    crc.update(data, 0, data.length);
    for (long number : head) {
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        crc.update((int) (number >>> shift));
      }
    }
    return crc.getValue();
  }

  /** Blocks of the first version have a checksum of the data alone. */
  static boolean isChecksum(long checksum, byte[] data, long... head) {
    return checksum == checksum(data, head) || checksum == checksum(data);
  }

  /**
   * The changes, those of one key in their order.
   *
   * @throws JournalException when it is damaged
   */
  List<Change> decode() {
    if (!isChecksum(checksum, data, after, revision, part, parts)) {
      throw damaged("its checksum is wrong");
    }
    List<Change> decoded = new ArrayList<>();
    try {
      for (int at = 0; at < data.length; at += ChangeCodec.bytes(data, at)) {
        decoded.add(ChangeCodec.decode(data, at, data.length));
      }
    } catch (IllegalArgumentException e) {
      throw damaged(e.getMessage());
    }
    return decoded;
  }

  private JournalException damaged(@Nullable String why) {
    return new JournalException(
        "the journal is damaged: the changes of revisions %d to %d cannot be read (%s); nothing was"
                .formatted(after + 1, revision, why)
            + " changed: restore a backup, or choose an older snapshot");
  }
}
