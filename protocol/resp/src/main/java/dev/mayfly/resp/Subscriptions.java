package dev.mayfly.resp;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Channels and patterns of one client. Confined to the thread that serves the connection. */
final class Subscriptions {
  private final Set<ByteKey> channels = new LinkedHashSet<>();
  private final Set<ByteKey> patterns = new LinkedHashSet<>();
  private final KeptBytes kept;

  Subscriptions(KeptBytes kept) {
    this.kept = kept;
  }

  /** The channels, or the patterns, in the order in which they came. */
  Collection<ByteKey> of(boolean pattern) {
    return List.copyOf(all(pattern));
  }

  private Set<ByteKey> all(boolean pattern) {
    return pattern ? patterns : channels;
  }

  /** How many there are, of both. */
  int count() {
    return channels.size() + patterns.size();
  }

  int channels() {
    return channels.size();
  }

  int patterns() {
    return patterns.size();
  }

  /**
   * Takes the memory for those of the names that are not there yet; each is to be added then.
   *
   * @throws RespException when it is not left
   */
  void reserve(List<ByteKey> names, boolean pattern) {
    Set<ByteKey> fresh = new HashSet<>(names);
    fresh.removeAll(all(pattern));
    kept.take(fresh.stream().mapToLong(Subscriptions::bytes).sum());
  }

  /** Adds one for which memory was taken, if it is not there yet. */
  void add(ByteKey name, boolean pattern) {
    all(pattern).add(name);
  }

  void remove(ByteKey name, boolean pattern) {
    if (all(pattern).remove(name)) {
      kept.giveBack(bytes(name));
    }
  }

  void clear() {
    of(false).forEach(name -> remove(name, false));
    of(true).forEach(name -> remove(name, true));
  }

  private static long bytes(ByteKey name) {
    return name.bytes().length + (long) KeptBytes.OVERHEAD;
  }
}
