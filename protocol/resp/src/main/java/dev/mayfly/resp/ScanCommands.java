package dev.mayfly.resp;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commands on all keys, which go through them in steps. Stateless. */
final class ScanCommands {
  private static final int KEYS_PER_STEP = 1000;
  private static final int COUNT_UNSTATED = 10;
  private static final int BYTES_AT_FIRST = 1024;

  private final RespDoor door;
  private final MemoryBudget gathered;

  ScanCommands(RespDoor door) {
    this.door = door;
    gathered = new MemoryBudget(door.config().replyBytesMax() * 3L / 2);
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("scan", (a, s) -> scan(a, s));
    handlers.put("keys", (a, s) -> new KeysSteps(new Glob(a.bytes(1)), s.stamp()));
    handlers.put("dbsize", (a, s) -> size(s));
    handlers.put("flushdb", (a, s) -> flush(a, s));
    handlers.put("flushall", (a, s) -> flush(a, s));
  }

  private Action size(Session session) {
    return (Action.Now)
        out -> out.integer(door.store().keyspace().count(KeyFilter.ALL, session.stamp()));
  }

  private ScanPage page(long cursor, int count, Stamp stamp) {
    return door.store()
        .keyspace()
        .scan(new ScanRequest(cursor, KeyFilter.ALL, count, false), stamp);
  }

  private Action scan(Arguments arguments, Session session) {
    long cursor = cursor(arguments.text(1));
    Glob glob = new Glob(new byte[] {'*'});
    int count = COUNT_UNSTATED;
    boolean typed = true;
    for (int at = 2; at < arguments.count(); at += 2) {
      if (at + 1 >= arguments.count()) {
        throw RespException.syntax();
      }
      switch (arguments.word(at)) {
        case "match" -> glob = new Glob(arguments.bytes(at + 1));
        case "count" -> count = count(arguments.integer(at + 1));
        case "type" -> typed = arguments.is(at + 1, "string");
        default -> throw RespException.syntax();
      }
    }
    Glob wanted = glob;
    int most = count;
    boolean isString = typed;
    return (Action.Now)
        out -> {
          ScanPage page = page(cursor, most, session.stamp());
          List<byte[]> keys = new ArrayList<>();
          for (ScanPage.ScannedEntry entry : page.entries()) {
            if (isString && wanted.matches(entry.key())) {
              keys.add(entry.key());
            }
          }
          out.array(2);
          out.bulk(String.valueOf(page.cursor()));
          out.array(keys.size());
          keys.forEach(out::bulk);
        };
  }

  private static long cursor(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    try {
      long cursor = digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
      return (negative ? -cursor : cursor) & Long.MAX_VALUE;
    } catch (NumberFormatException e) {
      throw new RespException("ERR invalid cursor");
    }
  }

  private static int count(long count) {
    if (count < 1) {
      throw RespException.syntax();
    }
    return (int) Math.min(count, ScanRequest.ENTRIES_MAX);
  }

  /**
   * KEYS: a step is a page. What is gathered of its reply waits on the heap from step to step, so
   * that all of them share a budget.
   */
  private final class KeysSteps implements Action.Steps {
    private final Glob glob;
    private final Stamp stamp;
    private final ReplyBuffer keys = new ReplyBuffer(BYTES_AT_FIRST, door.config().replyBytesMax());
    private int count;
    private long cursor = ScanRequest.START;
    private long held;

    KeysSteps(Glob glob, Stamp stamp) {
      this.glob = glob;
      this.stamp = stamp;
    }

    @Override
    public boolean step(ReplyBuffer out) {
      ScanPage page = page(cursor, KEYS_PER_STEP, stamp);
      for (ScanPage.ScannedEntry entry : page.entries()) {
        if (glob.matches(entry.key())) {
          keys.bulk(entry.key());
          count++;
        }
      }
      hold(keys.bytes().length);
      cursor = page.cursor();
      if (!page.isLast()) {
        return false;
      }
      out.array(count);
      out.encoded(keys);
      return true;
    }

    private void hold(long bytes) {
      if (!gathered.tryTake(bytes - held)) {
        throw new RespException(
            "ERR the replies to KEYS that are under way exceed %d bytes together; use SCAN"
                .formatted(gathered.bytesMax()));
      }
      held = bytes;
    }

    @Override
    public void end() {
      gathered.giveBack(held);
      held = 0;
    }
  }

  private Action flush(Arguments arguments, Session session) {
    if (arguments.count() > 2
        || (arguments.count() == 2 && !arguments.is(1, "async") && !arguments.is(1, "sync"))) {
      throw RespException.syntax();
    }
    return new FlushSteps(session.stamp());
  }

  /** FLUSHDB: a step sweeps some keys; those that are locked stay. */
  private final class FlushSteps implements Action.Steps {
    private final Stamp stamp;
    private long cursor = ScanRequest.START;

    FlushSteps(Stamp stamp) {
      this.stamp = stamp;
    }

    @Override
    public boolean step(ReplyBuffer out) {
      SweepPage page =
          door.store()
              .keyspace()
              .sweep(
                  new SweepRequest(
                      cursor, KeyFilter.ALL, SweepRequest.What.KEYS, false, KEYS_PER_STEP),
                  stamp);
      cursor = page.cursor();
      if (page.isLast()) {
        out.ok();
      }
      return page.isLast();
    }
  }
}
