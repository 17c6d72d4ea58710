package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Limit;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.TakeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A SQLite file of which a bit has changed is refused, and stays as it is; or it was a bit that
 * means nothing, and everything is there. Nobody is given a part of it.
 */
class BitFlipTest extends StoredContract {
  private static final int FLIPS = Integer.getInteger("flips", 40);

  @TempDir Path folder;

  @Override
  JournalPlace place() {
    return JournalPlace.folder(folder);
  }

  private Path file() {
    return folder.resolve(JournalPlace.FILE_NAME);
  }

  private void fill(JournalledStore store) {
    for (int i = 0; i < 120; i++) {
      time.advanceMillis(3);
      store.keyspace.apply(
          SetRequest.of(
              bytes("key" + i),
              bytes("value of it ".repeat(5 + i % 9)),
              i % 3 == 0 ? Lifespan.ofMillis(3_600_000) : Lifespan.UNSTATED,
              i % 2 == 0 ? RULES : PLAIN),
          stamp("a"));
      store.counters.hit(bytes("n"), bytes("c" + i % 20), 1, time.millis());
      if (i % 10 == 0) {
        store.keyspace.apply(
            new LockRequest(bytes("key" + i), 800_000, true, false, RULES), stamp("a"));
        store.counters.take(
            TakeRequest.of(bytes("n"), bytes("k" + i), 3, Limit.gcra(10, 60_000, 5)),
            time.millis());
        store.journal.flush();
      }
    }
  }

  /** A journal with two snapshots and changes after them. */
  private Map<String, String> make() throws SQLException {
    Map<String, String> contents;
    JournalledStore store = open(Mode.RELAXED);
    for (int part = 0; part < 3; part++) {
      fill(store);
      time.advanceMillis(1_000);
      store.journal.flush();
      if (part < 2) {
        store.journal.snapshot();
      }
    }
    contents = store.contents();
    store.crash();
    JournalTables.run(place(), "PRAGMA wal_checkpoint(TRUNCATE)");
    return contents;
  }

  @Test
  void restore_anyBitFlipped_isRefusedOrWhole() throws Exception {
    Map<String, String> before = make();
    byte[] whole = Files.readAllBytes(file());
    long seed = Long.getLong("seed", new Random().nextLong());
    System.out.println("BitFlipTest: -Dseed=" + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int flip = 0; flip < FLIPS; flip++) {
      int at = place(random, whole.length, flip);
      int bit = random.nextInt(8);
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << bit);
      rewrite(flipped);
      try (JournalledStore store = open(Mode.RELAXED)) {
        assertThat(store.contents())
            .as("seed %d, bit %d of byte %d", seed, bit, at)
            .isEqualTo(before);
        store.crash();
      } catch (JournalException e) {
        refused++;
        assertThat(e.getMessage()).as("bit %d of byte %d", bit, at).contains("journal");
        assertThat(Files.readAllBytes(file()))
            .as("seed %d, bit %d of byte %d: %s", seed, bit, at, e.getMessage())
            .isEqualTo(flipped);
      }
    }
    System.out.println("BitFlipTest: refused " + refused + " of " + FLIPS);
  }

  /** Every other time where a page says what is in it. */
  private static int place(Random random, int length, int flip) {
    return flip % 2 == 0
        ? random.nextInt(length)
        : random.nextInt(length / 4096) * 4096 + random.nextInt(64);
  }

  private void rewrite(byte[] bytes) throws IOException {
    for (String more : new String[] {"-wal", "-shm"}) {
      Files.deleteIfExists(folder.resolve(JournalPlace.FILE_NAME + more));
    }
    Files.write(file(), bytes);
  }
}
