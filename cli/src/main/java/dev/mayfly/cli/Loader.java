package dev.mayfly.cli;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.SetOperation;
import dev.mayfly.client.SetOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sends keys to the server in batches over a few lanes; what waits is bounded.
 *
 * <p>Confined to one thread, except {@link #join}. Owns the lanes, borrows the client.
 */
final class Loader {
  private static final int LANES_MAX = 4;

  private final SetOptions options;
  private final LoadTally tally;
  private final List<LoadLane> lanes = new ArrayList<>();

  Loader(MayflyClient client, SetOptions options, LoadTally tally) {
    this.options = options;
    this.tally = tally;
    int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, LANES_MAX);
    for (int i = 0; i < count; i++) {
      lanes.add(new LoadLane(i, client, tally));
    }
    lanes.forEach(LoadLane::start);
  }

  /** Sends a line each until the end; what waits is sent before a line must be waited for. */
  void load(LineReader lines) throws IOException, InterruptedException {
    while (!tally.isStopped()) {
      if (lines.isWaiting()) {
        flush();
      }
      byte[] line = lines.next();
      if (line == null) {
        return;
      }
      if (lines.wasTooLong()) {
        tally.failed(keyOf(line), "the line is longer than " + line.length + " bytes");
      } else if (line.length > 0) {
        add(line);
      }
    }
  }

  /** Sends a key and its value, split at the first {@code =}. */
  void add(byte[] pair) throws InterruptedException {
    byte[] key = keyOf(pair);
    if (key.length == 0) {
      tally.failed(key, "Empty key");
      return;
    }
    byte[] value = Arrays.copyOfRange(pair, Math.min(pair.length, key.length + 1), pair.length);
    int lane = Math.floorMod(Arrays.hashCode(key), lanes.size());
    lanes.get(lane).add(new SetOperation(key, value, options));
  }

  private static byte[] keyOf(byte[] pair) {
    for (int i = 0; i < pair.length; i++) {
      if (pair[i] == '=') {
        return Arrays.copyOf(pair, i);
      }
    }
    return pair;
  }

  private void flush() throws InterruptedException {
    for (LoadLane lane : lanes) {
      lane.flush();
    }
  }

  /** Sends what waits and waits for every answer. */
  void finish() throws InterruptedException {
    for (LoadLane lane : lanes) {
      lane.end();
    }
    for (LoadLane lane : lanes) {
      lane.join();
    }
  }

  /** Waits for what is on its way after a stop, each lane at most so long. */
  void join(long millis) throws InterruptedException {
    for (LoadLane lane : lanes) {
      if (!lane.join(millis)) {
        return;
      }
    }
  }
}
