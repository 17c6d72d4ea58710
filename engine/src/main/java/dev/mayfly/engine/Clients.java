package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The clients that registered, up to a limit. Safe for concurrent use. */
final class Clients {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final int clientsMax;
  private final Set<String> ids = new HashSet<>();
  private final List<String> added = new ArrayList<>();
  private boolean recording;

  Clients(int clientsMax) {
    this.clientsMax = clientsMax;
  }

  /** Whether the client was not known before. */
  synchronized boolean register(String client) {
    if (ids.contains(client)) {
      return false;
    }
    if (ids.size() >= clientsMax) {
      throw new MayflyException(
          ErrorCode.STORE_FULL, "%d clients are registered: no more are".formatted(clientsMax));
    }
    if (recording) {
      added.add(client);
    }
    return ids.add(client);
  }

  synchronized void recordChanges() {
    recording = true;
  }

  /** Hands over those who registered since the last time. */
  synchronized void takeChanged(List<SavedCounter> into) {
    added.forEach(client -> into.add(saved(client)));
    added.clear();
  }

  /** Hands over all. */
  synchronized void save(List<SavedCounter> into) {
    ids.forEach(client -> into.add(saved(client)));
  }

  private static SavedCounter saved(String client) {
    byte[] id = client.getBytes(StandardCharsets.UTF_8);
    return new SavedCounter(
        SavedCounter.Kind.CLIENT,
        new byte[0],
        id,
        false,
        new long[] {FOR_EVER},
        new long[0],
        new long[0]);
  }

  /** Somebody registered in an earlier life of the store. */
  synchronized void restore(SavedCounter saved) {
    if (ids.size() < clientsMax) {
      ids.add(new String(saved.key(), StandardCharsets.UTF_8));
    }
  }

  synchronized boolean isRegistered(String client) {
    return ids.contains(client);
  }

  synchronized int size() {
    return ids.size();
  }
}
