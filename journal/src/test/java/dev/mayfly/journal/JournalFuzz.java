package dev.mayfly.journal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mayfly.store.ChangeCodec;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * The decoders of this room against any bytes: what comes from a file or a database may be
 * anything. Run with {@code make fuzz}; a plain test run tries the corpus alone.
 */
class JournalFuzz {
  private static final long NOW = 1_700_000_000_000L;
  private static final int HEAD_BYTES = 3;

  /** Takes a snapshot as a database would. */
  private static final class Taken implements SnapshotFileReader.Sink {
    @Override
    public void entries(List<SavedEntry> entries) {
      entries.forEach(entry -> new RowChecksum().of(entry));
    }

    @Override
    public void counters(List<SavedCounter> counters) {
      counters.forEach(counter -> new RowChecksum().of(counter));
    }

    @Override
    public void changes(ChangeBlock block) {
      block.decode().forEach(ChangeText::line);
    }
  }

  /** Each frame has the right checksum, so that what is in it is looked at. */
  @FuzzTest(maxDuration = "1m")
  void snapshotFile_anyFrames_areReadOrRefused(byte[] input) throws SQLException {
    SnapshotFileReader reader = new SnapshotFileReader(new ByteArrayInputStream(framed(input)));
    try {
      reader.head();
      reader.rest(new Taken());
    } catch (IOException e) {
      // Refused, as it should be.
    }
  }

  private static byte[] framed(byte[] input) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      to.write(SnapshotFileWriter.MAGIC);
      for (int at = 0; at + HEAD_BYTES <= input.length; ) {
        int kind = input[at];
        int length = ((input[at + 1] & 0xFF) << 8) | (input[at + 2] & 0xFF);
        int from = at + HEAD_BYTES;
        byte[] data = Arrays.copyOfRange(input, from, Math.min(input.length, from + length));
        to.writeByte(kind);
        to.writeInt(data.length);
        to.writeInt(SnapshotFileWriter.checksum(kind & 0xFF, data));
        to.write(data);
        at = from + data.length;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @FuzzTest(maxDuration = "1m")
  void oldSnapshot_anyDocument_isReadOrRefused(byte[] document) throws SQLException {
    OldDocument.Source source = () -> new ByteArrayInputStream(document);
    try {
      OldSnapshot old = OldSnapshot.read(new OldDocument("old", source), 1, NOW);
      old.entries(entries -> entries.forEach(entry -> new RowChecksum().of(entry)));
    } catch (IOException e) {
      // Refused, as it should be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void change_anyBytes_isReadOrRefused(byte[] data) {
    try {
      for (int at = 0; at < data.length; at += ChangeCodec.bytes(data, at)) {
        ChangeText.line(ChangeCodec.decode(data, at, data.length));
      }
    } catch (IllegalArgumentException e) {
      // Refused, as it should be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void counters_anyBytes_areReadOrRefused(byte[] data) {
    try (DataInputStream from = new DataInputStream(new ByteArrayInputStream(data))) {
      while (from.available() > 0) {
        SavedCounter counter = SavedCodec.readCounter(from);
        new RowChecksum().of(counter);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Refused, as it should be.
    }
  }
}
