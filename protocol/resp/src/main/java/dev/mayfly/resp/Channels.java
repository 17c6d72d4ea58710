package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to what, and the way of a message to them. Safe for concurrent use; the
 * messages of one publisher reach each subscriber in their order.
 */
final class Channels {
  private final Map<ByteKey, Listeners> channels = new ConcurrentHashMap<>();
  private final Map<ByteKey, Listeners> patterns = new ConcurrentHashMap<>();

  /**
   * Who listens to one channel or pattern.
   *
   * @param glob which channels these are, for a pattern
   */
  private record Listeners(Glob glob, Set<Session> sessions) {
    static Listeners to(ByteKey name) {
      return new Listeners(new Glob(name.bytes()), ConcurrentHashMap.newKeySet());
    }
  }

  void subscribe(ByteKey name, boolean pattern, Session session) {
    of(pattern)
        .compute(
            name,
            (key, there) -> {
              Listeners listeners = there == null ? Listeners.to(key) : there;
              listeners.sessions().add(session);
              return listeners;
            });
  }

  void unsubscribe(ByteKey name, boolean pattern, Session session) {
    of(pattern)
        .computeIfPresent(
            name,
            (key, there) -> {
              there.sessions().remove(session);
              return there.sessions().isEmpty() ? null : there;
            });
  }

  private Map<ByteKey, Listeners> of(boolean pattern) {
    return pattern ? patterns : channels;
  }

  /** Forgets a client that goes. */
  void leave(Session session) {
    session.subscriptions().of(false).forEach(name -> unsubscribe(name, false, session));
    session.subscriptions().of(true).forEach(name -> unsubscribe(name, true, session));
  }

  /** Whether anybody would get a message now. */
  boolean isIdle() {
    return channels.isEmpty() && patterns.isEmpty();
  }

  /** Sends a message; returns to how many subscriptions. */
  int publish(byte[] channel, byte[] message) {
    int receivers = 0;
    Listeners direct = channels.get(new ByteKey(channel));
    if (direct != null) {
      receivers += send(direct.sessions(), null, channel, message);
    }
    for (Map.Entry<ByteKey, Listeners> each : patterns.entrySet()) {
      if (each.getValue().glob().matches(channel)) {
        receivers += send(each.getValue().sessions(), each.getKey().bytes(), channel, message);
      }
    }
    return receivers;
  }

  private static int send(
      Set<Session> sessions, byte @Nullable [] pattern, byte[] channel, byte[] message) {
    byte[][] encoded = new byte[2][];
    int sent = 0;
    for (Session session : sessions) {
      int version = session.isResp3() ? 1 : 0;
      byte[] bytes = encoded[version];
      if (bytes == null) {
        bytes = encode(version == 1, pattern, channel, message);
        encoded[version] = bytes;
      }
      session.send(bytes);
      sent++;
    }
    return sent;
  }

  private static byte[] encode(
      boolean resp3, byte @Nullable [] pattern, byte[] channel, byte[] message) {
    ReplyBuffer out = new ReplyBuffer(channel.length + message.length + 128);
    out.version(resp3);
    out.push(pattern == null ? 3 : 4);
    out.bulk(pattern == null ? "message" : "pmessage");
    if (pattern != null) {
      out.bulk(pattern);
    }
    out.bulk(channel);
    out.bulk(message);
    return out.take();
  }

  /** The channels with subscribers that match. */
  List<byte[]> channels(Glob glob) {
    List<byte[]> found = new ArrayList<>();
    channels.keySet().stream().map(ByteKey::bytes).filter(glob::matches).forEach(found::add);
    return found;
  }

  int subscribers(byte[] channel) {
    Listeners listeners = channels.get(new ByteKey(channel));
    return listeners == null ? 0 : listeners.sessions().size();
  }

  int patterns() {
    return patterns.size();
  }
}
