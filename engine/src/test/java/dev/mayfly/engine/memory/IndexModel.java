package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** An index beside a plain list of what it should hold; each ref is used once. */
final class IndexModel {
  private record Entry(int hash, int ref) {}

  private static final byte[] KEY = {};

  private final HashIndex index;
  private final Random random;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Integer, Integer> places = new HashMap<>();
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
    places.put(lastRef, entries.size());
    entries.add(new Entry(hash, lastRef));
  }

  void removeAny() {
    removeAt(random.nextInt(entries.size()));
  }

  /** Removes the entry at the hash, or behind it. */
  void removeNext(int hash) {
    removeAt(placeOf(index.sample(hash)));
  }

  private void removeAt(int place) {
    Entry last = entries.removeLast();
    Entry entry = place == entries.size() ? last : entries.set(place, last);
    places.put(last.ref(), place);
    places.remove(entry.ref());
    stayed.remove(entry.ref());
    assertThat(index.remove(entry.hash(), entry.ref())).isTrue();
    assertThat(find(entry)).isZero();
  }

  void replaceAny() {
    int place = random.nextInt(entries.size());
    Entry entry = entries.get(place);
    index.replace(entry.hash(), entry.ref(), ++lastRef);
    entries.set(place, new Entry(entry.hash(), lastRef));
    places.remove(entry.ref());
    places.put(lastRef, place);
    stayed.remove(entry.ref());
  }

  /** The entry that a look-up at the hash, or behind it, has to find. */
  void verifyNext(int hash) {
    int ref = index.sample(hash);
    assertThat(find(entries.get(placeOf(ref)))).isEqualTo(ref);
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
    // Not assertThat(...).containsAll(...), which compares each with each.
    assertThat(visits.keySet().containsAll(stayed)).isTrue();
    assertThat(visits.values()).allMatch(count -> count == 1);
  }

  private int placeOf(int ref) {
    return Objects.requireNonNull(places.get(ref), "the index holds an unknown ref");
  }

  private int find(Entry entry) {
    return index.find(entry.hash(), KEY, (ref, key) -> ref == entry.ref());
  }
}
