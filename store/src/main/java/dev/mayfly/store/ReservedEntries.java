package dev.mayfly.store;

import dev.mayfly.store.ScanPage.ScannedEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys below {@code keyquarry/} that tell of the server itself. They are virtual: made when
 * they are read, never stored, counted, locked or expired, and without events or history.
 *
 * <p>Immutable.
 */
public final class ReservedEntries {
  /** There are none. */
  public static final ReservedEntries NONE = new ReservedEntries(Map.of(), 0);

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private final long startedMillis;

  /**
   * The entries of these texts.
   *
   * @param texts by the key's name without {@code keyquarry/}, in the order in which they are told
   * @param startedMillis when the server started, which is when they were created
   */
  public ReservedEntries(Map<String, String> texts, long startedMillis) {
    this.startedMillis = startedMillis;
    texts.forEach(
        (name, text) ->
            values.put(
                ReservedKeys.SYSTEM_CLIENT + "/" + name, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The entry of a key, in this very case; null when it is none of them. */
  public @Nullable Entry read(byte[] key) {
    if (!ReservedKeys.isReserved(key)) {
      return null;
    }
    byte[] value = values.get(new String(key, StandardCharsets.UTF_8));
    return value == null ? null : entry(value);
  }

  private Entry entry(byte[] value) {
    return new Entry(
        value.clone(), value.length, 1, 1, startedMillis, 0, 0, 0, 0, 0, null, null, null);
  }

  /** All that the filter accepts. */
  public List<ScannedEntry> list(KeyFilter filter) {
    List<ScannedEntry> accepted = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          byte[] key = name.getBytes(StandardCharsets.UTF_8);
          if (filter.accepts(key)) {
            accepted.add(new ScannedEntry(key, entry(value)));
          }
        });
    return accepted;
  }
}
