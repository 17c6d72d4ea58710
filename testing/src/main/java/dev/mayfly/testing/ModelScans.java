package dev.mayfly.testing;

import dev.mayfly.store.EventKind;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Scans and sweeps in the model: a key has a place among all, the same for ever. */
final class ModelScans {
  private final ModelKeyspace model;
  private final Map<String, Long> places = new HashMap<>();
  private final TreeMap<Long, String> keysByPlace = new TreeMap<>();

  ModelScans(ModelKeyspace model) {
    this.model = model;
  }

  /** Gives a key its place, unless it has one. */
  void place(String key) {
    long next = places.size() + 1L;
    if (places.putIfAbsent(key, next) == null) {
      keysByPlace.put(next, key);
    }
  }

  ScanPage scan(ScanRequest request, Stamp stamp) {
    List<ScannedEntry> found = new ArrayList<>();
    int looked = 0;
    for (Map.Entry<Long, String> place : keysByPlace.tailMap(request.cursor(), true).entrySet()) {
      if (looked == request.entriesMax()) {
        return new ScanPage(found, place.getKey());
      }
      ModelEntry entry = model.live(place.getValue(), stamp.timeMillis());
      byte[] key = ModelKeyspace.bytes(place.getValue());
      if (entry != null) {
        looked++;
        if (request.filter().accepts(key)) {
          byte[] part = request.valuesWanted() ? entry.value : new byte[0];
          found.add(new ScannedEntry(key, entry.entry(part, stamp.timeMillis(), false)));
        }
      }
    }
    return new ScanPage(found, ScanPage.END);
  }

  /** All of a sweep in one step. */
  SweepPage sweep(SweepRequest request, Stamp stamp) {
    long keys = 0;
    long versions = 0;
    for (String key : List.copyOf(model.entries.keySet())) {
      if (request.filter().accepts(ModelKeyspace.bytes(key))) {
        model.reap(key, stamp.timeMillis());
      }
      ModelEntry entry = model.entries.get(key);
      if (entry == null || !isSweepable(key, request, stamp)) {
        continue;
      }
      if (request.what() == SweepRequest.What.KEYS) {
        model.remove(key, stamp, List.of(EventKind.DELETED));
        keys++;
      } else if (!entry.older.isEmpty()) {
        keys++;
        versions += entry.older.size();
        entry.older.clear();
      }
    }
    return new SweepPage(keys, versions, ScanPage.END);
  }

  /** Whether a sweep at this time removes the key, or its history. */
  boolean isSweepable(String key, SweepRequest request, Stamp stamp) {
    ModelEntry entry = model.live(key, stamp.timeMillis());
    if (entry == null || !request.filter().accepts(ModelKeyspace.bytes(key))) {
      return false;
    }
    return request.forced() || entry.lock == null || entry.isLockOver(stamp.timeMillis());
  }
}
