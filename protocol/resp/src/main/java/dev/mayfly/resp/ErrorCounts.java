package dev.mayfly.resp;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many errors were told of each kind, which is their first word. The kinds are ours, so they
 * are few. Safe for concurrent use.
 */
final class ErrorCounts {
  private static final int KIND_BYTES_MAX = 16;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /** Counts the error whose text begins here. */
  void count(byte[] encoded, int from, int to) {
    int end = from;
    while (end < to && end - from < KIND_BYTES_MAX && encoded[end] >= 'A' && encoded[end] <= 'Z') {
      end++;
    }
    String kind = new String(encoded, from, end - from, StandardCharsets.US_ASCII);
    counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  /** By kind, in their order. */
  Map<String, Long> all() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((kind, count) -> all.put(kind, count.sum()));
    return all;
  }

  /** Counts from zero. */
  void reset() {
    counts.clear();
  }
}
