package dev.mayfly.engine;

/** What a shard of counters did and holds, or the sum of several. Confined to its owner. */
final class CounterTally {
  long hits;
  long takes;
  long denied;
  long refused;
  long evicted;
  long expired;
  long events;
  long usedBytes;

  void add(CounterTally other) {
    hits += other.hits;
    takes += other.takes;
    denied += other.denied;
    refused += other.refused;
    evicted += other.evicted;
    expired += other.expired;
    events += other.events;
    usedBytes += other.usedBytes;
  }
}
