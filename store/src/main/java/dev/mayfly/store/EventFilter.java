package dev.mayfly.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a watcher wants: those that every part of it accepts. Two filters are equal when
 * they were made of the same parts.
 *
 * <p>Immutable. Asking it allocates next to nothing; where it names keys, it costs one look-up.
 */
public final class EventFilter {
  /** No filter names more keys, or more clients. */
  public static final int NAMES_MAX = 1_000;

  /** No filter's keys, or clients, have more bytes together. */
  public static final int NAME_BYTES_MAX = 256 << 10;

  /** No pattern has more characters. */
  public static final int PATTERN_LENGTH_MAX = 1_000;

  /** Every kind but {@code ACCESSED}: what the log holds. */
  public static final Set<EventKind> CHANGES =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(EventKind.ACCESSED)));

  /** Every change to any key. */
  public static final EventFilter ALL = of(List.of(), KeyFilter.ALL, CHANGES, Set.of());

  private static final int CHANGES_MASK = mask(CHANGES);

  private final Set<ByteBuffer> keys;
  private final KeyFilter keyFilter;
  private final int kinds;
  private final Set<String> clients;

  private EventFilter(Set<ByteBuffer> keys, KeyFilter keyFilter, int kinds, Set<String> clients) {
    this.keys = keys;
    this.keyFilter = keyFilter;
    this.kinds = kinds;
    this.clients = clients;
  }

  /**
   * A filter.
   *
   * @param keys the keys; empty: any
   * @param keyFilter what the keys begin with, and the pattern that is found in them
   * @param kinds the kinds; empty: {@link #CHANGES}
   * @param clients who did it; empty: anyone
   * @throws MayflyException ARGUMENT_INVALID when there are too many of them, or too long ones
   */
  public static EventFilter of(
      Collection<byte[]> keys,
      KeyFilter keyFilter,
      Collection<EventKind> kinds,
      Collection<String> clients) {
    requireCount("keys", keys.size());
    requireCount("client ids", clients.size());
    requireBytes("keys", keys.stream().mapToLong(key -> key.length).sum());
    requireBytes("client ids", clients.stream().mapToLong(String::length).sum());
    requireBytes("prefix", keyFilter.prefix().length);
    String pattern = patternText(keyFilter);
    if (pattern != null && pattern.length() > PATTERN_LENGTH_MAX) {
      throw new MayflyException(
          ErrorCode.PATTERN_INVALID,
          "pattern of %d characters: expected at most %d"
              .formatted(pattern.length(), PATTERN_LENGTH_MAX));
    }
    Set<ByteBuffer> named = HashSet.newHashSet(keys.size());
    for (byte[] key : keys) {
      if (key.length == 0) {
        throw new MayflyException(ErrorCode.EMPTY_KEY, ErrorCode.EMPTY_KEY.summary());
      }
      named.add(ByteBuffer.wrap(key.clone()));
    }
    int mask = kinds.isEmpty() ? mask(CHANGES) : mask(kinds);
    return new EventFilter(named, keyFilter, mask, Set.copyOf(new HashSet<>(clients)));
  }

  private static int mask(Collection<EventKind> kinds) {
    return kinds.stream().mapToInt(kind -> 1 << kind.number()).reduce(0, (a, b) -> a | b);
  }

  private static void requireCount(String what, int count) {
    if (count > NAMES_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "filter of %d %s: expected at most %d".formatted(count, what, NAMES_MAX));
    }
  }

  private static void requireBytes(String what, long bytes) {
    if (bytes > NAME_BYTES_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "filter with %s of %d bytes: expected at most %d".formatted(what, bytes, NAME_BYTES_MAX));
    }
  }

  /** Whether the event is wanted. */
  public boolean accepts(Event event) {
    return (kinds & 1 << event.kind().number()) != 0
        && acceptsKey(event.key())
        && (clients.isEmpty() || clients.contains(event.client()));
  }

  /** Whether events of this key may be wanted. */
  public boolean acceptsKey(byte[] key) {
    return (keys.isEmpty() || keys.contains(ByteBuffer.wrap(key)))
        && (keyFilter.acceptsAll() || keyFilter.accepts(key));
  }

  /** Whether events of this kind may be wanted. */
  public boolean accepts(EventKind kind) {
    return (kinds & 1 << kind.number()) != 0;
  }

  /** Whether every change of a key that it accepts is wanted, whoever made it. */
  public boolean acceptsEveryChange() {
    return clients.isEmpty() && (kinds & CHANGES_MASK) == CHANGES_MASK;
  }

  /** The keys it names; empty: any. */
  public List<byte[]> keys() {
    return keys.stream().map(EventFilter::copy).toList();
  }

  private static byte[] copy(ByteBuffer key) {
    byte[] bytes = new byte[key.remaining()];
    key.get(key.position(), bytes);
    return bytes;
  }

  /** What its keys begin with, and the pattern that is found in them. */
  public KeyFilter keyFilter() {
    return keyFilter;
  }

  private static @Nullable String patternText(KeyFilter filter) {
    return filter.pattern() == null ? null : filter.pattern().pattern();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventFilter filter
        && kinds == filter.kinds
        && keys.equals(filter.keys)
        && clients.equals(filter.clients)
        && Arrays.equals(keyFilter.prefix(), filter.keyFilter.prefix())
        && Objects.equals(patternText(keyFilter), patternText(filter.keyFilter));
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        kinds, keys, clients, Arrays.hashCode(keyFilter.prefix()), patternText(keyFilter));
  }
}
