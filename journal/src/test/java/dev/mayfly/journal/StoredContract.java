package dev.mayfly.journal;

import static dev.mayfly.journal.JournalledStore.bytes;

import dev.mayfly.journal.JournalConfig.Mode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.testing.VirtualTime;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A store that is opened again and again, in one place of some kind. */
abstract class StoredContract {
  /** Those of a door that keeps history. */
  static final Rules RULES = new Rules(1, 1_000_000, Rules.UnstatedLifespan.RENEW, false, 5, true);

  /** Those of a door that does not. */
  static final Rules PLAIN = new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  final VirtualTime time = new VirtualTime();

  @TempDir Path files;

  /** The place of this test, empty at first. */
  abstract JournalPlace place();

  JournalledStore open(Mode mode) {
    return new JournalledStore(JournalledStore.config(place(), mode), time);
  }

  Stamp stamp(String client) {
    return new Stamp(time.millis(), client);
  }

  void set(JournalledStore store, String key, String value) {
    store.keyspace.apply(
        SetRequest.of(bytes(key), bytes(value), Lifespan.UNSTATED, PLAIN), stamp("a"));
  }

  String get(JournalledStore store, String key) {
    var entry = store.keyspace.read(ReadRequest.value(bytes(key)), stamp("a"));
    return entry == null ? "-" : JournalledStore.text(entry.value());
  }
}
