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
  private final Map<ByteKey, Set<Session>> channels = new ConcurrentHashMap<>();
  private final Map<ByteKey, Set<Session>> patterns = new ConcurrentHashMap<>();
  private final Map<ByteKey, Glob> globs = new ConcurrentHashMap<>();

  void subscribe(ByteKey name, boolean pattern, Session session) {
    if (pattern) {
      globs.computeIfAbsent(name, key -> new Glob(key.bytes()));
    }
    of(pattern)
        .compute(
            name,
            (key, there) -> {
              Set<Session> sessions = there == null ? ConcurrentHashMap.newKeySet() : there;
              sessions.add(session);
              return sessions;
            });
  }

  void unsubscribe(ByteKey name, boolean pattern, Session session) {
    of(pattern)
        .computeIfPresent(
            name,
            (key, there) -> {
              there.remove(session);
              return there.isEmpty() ? null : there;
            });
    if (pattern && !patterns.containsKey(name)) {
      globs.remove(name);
    }
  }

  private Map<ByteKey, Set<Session>> of(boolean pattern) {
    return pattern ? patterns : channels;
  }

  /** Forgets a client that goes. */
  void leave(Session session) {
    session.subscriptions().channels.forEach(name -> unsubscribe(name, false, session));
    session.subscriptions().patterns.forEach(name -> unsubscribe(name, true, session));
  }

  /** Whether anybody would get a message now. */
  boolean isIdle() {
    return channels.isEmpty() && patterns.isEmpty();
  }

  /** Sends a message; returns to how many subscriptions. */
  int publish(byte[] channel, byte[] message) {
    int receivers = 0;
    Set<Session> direct = channels.get(new ByteKey(channel));
    if (direct != null) {
      receivers += send(direct, null, channel, message);
    }
    for (Map.Entry<ByteKey, Set<Session>> each : patterns.entrySet()) {
      Glob glob = globs.get(each.getKey());
      if (glob != null && glob.matches(channel)) {
        receivers += send(each.getValue(), each.getKey().bytes(), channel, message);
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
    Set<Session> sessions = channels.get(new ByteKey(channel));
    return sessions == null ? 0 : sessions.size();
  }

  int patterns() {
    return patterns.size();
  }
}
