package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchSink;
import dev.mayfly.store.Watches;
import java.util.Arrays;

/**
 * Tells subscribers of keyspace notifications what the event log says, as it says it: expiry is
 * told when it happens, not when somebody looks.
 *
 * <p>It has a thread while any class of events is switched on. A flag that is not known is refused.
 * Safe for concurrent use.
 */
final class Notifications implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Notifications.class.getName());
  private static final String KNOWN = "KEg$lshzxetdmnA";
  private static final String ALL = "g$lshzxetd";

  private final Channels channels;
  private final LogThread thread;
  private volatile String flags = "";

  Notifications(Watches watches, Channels channels) {
    this.channels = channels;
    thread = new LogThread("mayfly-resp-notifications", watches, new Sink(), () -> {});
  }

  /** The classes that are on, in the usual letters. */
  String flags() {
    return flags;
  }

  /**
   * Switches classes of events on and the others off.
   *
   * @throws RespException when a letter means nothing
   */
  synchronized void flags(String wanted) {
    for (int i = 0; i < wanted.length(); i++) {
      if (KNOWN.indexOf(wanted.charAt(i)) < 0) {
        throw new RespException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
      }
    }
    flags = inOrder(wanted);
    boolean on = wanted.indexOf('K') >= 0 || wanted.indexOf('E') >= 0;
    if (on) {
      thread.start();
    } else {
      thread.stop();
    }
  }

  /**
   * As the original tells them: A for all classes, what they are told by behind them. It leaves n
   * out behind an A, and would lose it to whoever sets what it was told.
   */
  private static String inOrder(String wanted) {
    boolean all =
        wanted.indexOf('A') >= 0 || ALL.chars().allMatch(letter -> wanted.indexOf(letter) >= 0);
    StringBuilder flags = new StringBuilder(all ? "A" : "");
    for (char letter : "g$lshzxetdnKEm".toCharArray()) {
      boolean covered = all && ALL.indexOf(letter) >= 0;
      if (!covered && wanted.indexOf(letter) >= 0) {
        flags.append(letter);
      }
    }
    return flags.toString();
  }

  private final class Sink implements WatchSink {
    @Override
    public void onState(byte[] key, Entry entry) {}

    @Override
    public void onStateEnd() {}

    @Override
    public void onGap(WatchGap gap) {
      LOG.log(
          System.Logger.Level.WARNING,
          "keyspace notifications were lost: revisions=" + gap.missedRevisions());
    }

    @Override
    public void onEvent(Event event) {
      String on = flags;
      if (channels.isIdle() || on.isEmpty()) {
        return;
      }
      char kind = letter(event.kind());
      boolean all = on.indexOf('A') >= 0 && ALL.indexOf(kind) >= 0;
      if (all || on.indexOf(kind) >= 0) {
        tell(on, name(event.kind()), event.key());
      }
      if (event.kind() == EventKind.CREATED && on.indexOf('n') >= 0) {
        tell(on, "new", event.key());
      }
    }
  }

  private void tell(String on, String name, byte[] key) {
    if (on.indexOf('K') >= 0) {
      byte[] prefix = Texts.utf8("__keyspace@0__:");
      byte[] channel = Arrays.copyOf(prefix, prefix.length + key.length);
      System.arraycopy(key, 0, channel, prefix.length, key.length);
      channels.publish(channel, Texts.utf8(name));
    }
    if (on.indexOf('E') >= 0) {
      channels.publish(Texts.utf8("__keyevent@0__:" + name), key);
    }
  }

  private static char letter(EventKind kind) {
    return switch (kind) {
      case CREATED, UPDATED -> '$';
      case EXPIRED -> 'x';
      case EXPUNGED -> 'e';
      case DELETED, LOCKED, UNLOCKED, LIFESPAN_SET, LIFESPAN_RENEWED, ACCESSED -> 'g';
    };
  }

  private static String name(EventKind kind) {
    return switch (kind) {
      case CREATED, UPDATED -> "set";
      case DELETED -> "del";
      case EXPIRED -> "expired";
      case EXPUNGED -> "evicted";
      case LOCKED -> "lock";
      case UNLOCKED -> "unlock";
      case LIFESPAN_SET, LIFESPAN_RENEWED -> "expire";
      case ACCESSED -> "access";
    };
  }

  @Override
  public void close() {
    thread.close();
  }
}
