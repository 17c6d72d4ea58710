package dev.mayfly.resp;

import dev.mayfly.store.Absence;
import dev.mayfly.store.Compare;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that a client watches for its next transaction, as they were when it began: at some
 * revision, or not there.
 *
 * <p>Confined to the client's event loop. It owns what observes keys that are not there, until it
 * is closed.
 */
final class WatchedKeys implements AutoCloseable {
  private final Map<ByteKey, Compare> compares = new HashMap<>();
  private final Map<ByteKey, Absence> absences = new HashMap<>();

  private final KeptBytes kept;
  private long bytes;

  /** None yet; they take memory there. */
  WatchedKeys(KeptBytes kept) {
    this.kept = kept;
  }

  int size() {
    return compares.size() + absences.size();
  }

  /**
   * Watches a key from here on, unless it is watched already.
   *
   * @throws RespException when there is no memory to remember it
   */
  void add(byte[] key, RespStore store, Stamp stamp) {
    ByteKey name = new ByteKey(key);
    boolean possible = key.length > 0 && key.length <= store.keyspace().bounds().keyBytesMax();
    boolean watched = !possible || compares.containsKey(name) || absences.containsKey(name);
    if (!watched) {
      kept.take(key.length + (long) KeptBytes.OVERHEAD);
      bytes += key.length + (long) KeptBytes.OVERHEAD;
    }
    // A key may come and go between the two looks at it.
    while (!watched) {
      Entry entry = store.keyspace().read(ReadRequest.metadata(key), stamp);
      if (entry != null) {
        compares.put(name, Compare.revision(key, entry.revision()));
        return;
      }
      Absence absence = store.transactions().absence(key, stamp);
      watched = absence != null;
      if (absence != null) {
        absences.put(name, absence);
      }
    }
  }

  List<Compare> compares() {
    return List.copyOf(compares.values());
  }

  List<Absence> absences() {
    return List.copyOf(absences.values());
  }

  @Override
  public void close() {
    absences.values().forEach(Absence::close);
    absences.clear();
    compares.clear();
    kept.giveBack(bytes);
    bytes = 0;
  }
}
