package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** An index beside a plain list of what it should hold; each ref is used once. */
final class IndexModel {
  private record Entry(int hash, int ref) {}

  private static final byte[] KEY = {};

  private final HashIndex index;
  private final Random random;
  private final List<Entry> entries = new ArrayList<>();
  private int lastRef;

  private final Set<Integer> stayed = new HashSet<>();
  private final Map<Integer, Integer> visits = new HashMap<>();
  private long cursor = -1;

  IndexModel(HashIndex index, Random random) {
    this.index = index;
    this.random = random;
  }

  int size() {
    return entries.size();
  }

  void insert(int hash) {
    index.insert(hash, ++lastRef);
    entries.add(new Entry(hash, lastRef));
  }

  void removeAny() {
    int place = random.nextInt(entries.size());
    Entry entry = entries.set(place, entries.getLast());
    entries.removeLast();
    stayed.remove(entry.ref());
    assertThat(index.remove(entry.hash(), entry.ref())).isTrue();
    assertThat(find(entry)).isZero();
  }

  void replaceAny() {
    int place = random.nextInt(entries.size());
    Entry entry = entries.get(place);
    index.replace(entry.hash(), entry.ref(), ++lastRef);
    entries.set(place, new Entry(entry.hash(), lastRef));
    stayed.remove(entry.ref());
  }

  void verifyAny() {
    if (!entries.isEmpty()) {
      Entry entry = entries.get(random.nextInt(entries.size()));
      assertThat(find(entry)).isEqualTo(entry.ref());
    }
  }

  void verifyAll() {
    assertThat(index.size()).isEqualTo(entries.size());
    for (Entry entry : entries) {
      assertThat(find(entry)).isEqualTo(entry.ref());
    }
    startScan();
    while (isScanning()) {
      scanSome(1_000);
    }
    verifyScan();
    assertThat(visits).hasSize(entries.size());
  }

  void startScan() {
    cursor = 0;
    visits.clear();
    stayed.clear();
    entries.forEach(entry -> stayed.add(entry.ref()));
  }

  boolean isScanning() {
    return cursor >= 0;
  }

  void scanSome(int entriesMax) {
    long next = index.scan(cursor, entriesMax, ref -> visits.merge(ref, 1, Integer::sum));
    assertThat(next < 0 || next > cursor).isTrue();
    cursor = next;
  }

  /** What was there throughout was visited, and nothing twice. */
  void verifyScan() {
    assertThat(visits.keySet()).containsAll(stayed);
    assertThat(visits.values()).allMatch(count -> count == 1);
  }

  private int find(Entry entry) {
    return index.find(entry.hash(), KEY, (ref, key) -> ref == entry.ref());
  }
}
