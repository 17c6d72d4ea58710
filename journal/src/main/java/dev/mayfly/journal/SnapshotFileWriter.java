package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes a snapshot as a file: a magic word, then frames of a kind (1 byte), a length (4), a
 * CRC-32C of the kind and the bytes (4), and the bytes. The first says what the snapshot is; the
 * last one how much there was, so that a file that was cut off is known for one. Confined to one
 * thread; borrows the stream.
 */
final class SnapshotFileWriter {
  static final String NAME = "mayfly snapshot 1";
  static final byte[] MAGIC = (NAME + "\n").getBytes(StandardCharsets.US_ASCII);

  static final int HEAD = 1;
  static final int ENTRIES = 2;
  static final int COUNTERS = 3;
  static final int CHANGES = 4;
  static final int END = 5;

  private final DataOutputStream out;
  private long frames;

  SnapshotFileWriter(OutputStream out) {
    this.out = new DataOutputStream(out);
  }

  /** What a frame has in it. */
  private interface Content {
    void writeTo(DataOutputStream to) throws IOException;
  }

  void head(SnapshotInfo info) throws IOException {
    out.write(MAGIC);
    frame(
        HEAD,
        to -> {
          to.writeUTF(info.server());
          SavedCodec.number(to, info.startedMillis());
          SavedCodec.number(to, info.completedMillis());
          SavedCodec.number(to, info.firstRevision());
          SavedCodec.number(to, info.revision());
        });
  }

  void entries(List<SavedEntry> entries) throws IOException {
    frame(
        ENTRIES,
        to -> {
          for (SavedEntry entry : entries) {
            SavedCodec.write(to, entry);
          }
        });
  }

  void counters(List<SavedCounter> counters) throws IOException {
    frame(COUNTERS, to -> to.write(CounterBlock.encode(counters)));
  }

  void changes(ChangeBlock block) throws IOException {
    frame(
        CHANGES,
        to -> {
          SavedCodec.number(to, block.after());
          SavedCodec.number(to, block.revision());
          SavedCodec.number(to, block.part());
          SavedCodec.number(to, block.parts());
          SavedCodec.number(to, block.changes());
          SavedCodec.number(to, block.writtenMillis());
          SavedCodec.number(to, block.checksum());
          to.write(block.data());
        });
  }

  void end(SnapshotInfo info) throws IOException {
    long before = frames;
    frame(
        END,
        to -> {
          SavedCodec.number(to, before);
          SavedCodec.number(to, info.entries());
          SavedCodec.number(to, info.counters());
          SavedCodec.number(to, info.checksum());
        });
    out.flush();
  }

  private void frame(int kind, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      content.writeTo(to);
    }
    byte[] data = bytes.toByteArray();
    out.writeByte(kind);
    out.writeInt(data.length);
    out.writeInt(checksum(kind, data));
    out.write(data);
    frames++;
  }

  /** Of a frame: CRC-32C of its kind and its bytes. */
  static int checksum(int kind, byte[] data) {
    CRC32C crc = checksumOf(kind);
    crc.update(data, 0, data.length);
    return (int) crc.getValue();
  }

  /** Of a frame, before its bytes. */
  static CRC32C checksumOf(int kind) {
    CRC32C crc = new CRC32C();
    crc.update(kind);
    return crc;
  }
}
