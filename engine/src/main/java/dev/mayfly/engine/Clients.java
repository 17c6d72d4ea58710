package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.util.HashSet;
import java.util.Set;

/** The clients that registered, up to a limit. Safe for concurrent use. */
final class Clients {
  private final int clientsMax;
  private final Set<String> ids = new HashSet<>();

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
    return ids.add(client);
  }

  synchronized boolean isRegistered(String client) {
    return ids.contains(client);
  }

  synchronized int size() {
    return ids.size();
  }
}
