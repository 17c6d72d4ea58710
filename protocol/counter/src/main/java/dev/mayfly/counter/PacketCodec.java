package dev.mayfly.counter;

import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one old packet, does what it asks, and turns it into the answer, in place.
 *
 * <p>An answer repeats id and namespace, and carries the eight authentication bytes inverted: so it
 * gives nothing away, and no server takes it for a request. Packets of the commands E and R are
 * never answered, whatever is wrong with them.
 *
 * <p>Confined to one thread. It owns the array, which each call overwrites.
 */
final class PacketCodec {
  /** How many bytes of a request there is room for: more than a packet's, to see that it is one. */
  static final int REQUEST_BYTES = 2048;

  /** {@link #answer}: there is no answer. */
  static final int NO_REPLY = 0;

  /** {@link #answer}: call {@link #list} where it may take long. */
  static final int LISTING = -1;

  static final String TOO_LARGE_FOR_DATAGRAM = "reply too large for a datagram, use TCP";
  static final String OVERLOADED = "server overloaded";

  /** The longest list of names, and of what separates them. */
  static final int LISTED_BYTES_MAX = 8 << 20;

  private static final int LISTED_MAX = 65_536;
  private static final long COUNT_MAX = 0xFFFFFFFFL;

  private final Counters counters;
  private final CounterPeers peers;
  private final Secret secret;
  private final byte[] packet = new byte[REQUEST_BYTES];
  private final NameBuffers namespaces = new NameBuffers();
  private final NameBuffers keys = new NameBuffers();
  private int dataEnd;
  private int changed;

  PacketCodec(Counters counters, CounterPeers peers, Secret secret) {
    this.counters = counters;
    this.peers = peers;
    this.secret = secret;
  }

  /** Where the next request's first bytes go. */
  byte[] request() {
    return packet;
  }

  /** The answer, if there is one, where the request was. */
  byte[] reply() {
    return packet;
  }

  /** How many bytes at the answer's beginning may differ from the request's. */
  int changed() {
    return changed;
  }

  /** A listing that was asked for. */
  record Listing(byte[] request, boolean ofKeys) {}

  /**
   * Does what the request asks.
   *
   * @param length how many bytes came, perhaps more than the request array holds
   * @return the answer's length, 1500, or one of the constants
   */
  int answer(int length, long nowMillis) {
    if (length < Packet.BYTES) {
      Arrays.fill(packet, length, Packet.BYTES, Packet.SPACE);
    }
    dataEnd = WhiteSpace.padding(packet, Packet.DATA, Packet.BYTES);
    byte command = packet[0];
    String fault = Packet.fault(packet);
    if (fault.isEmpty() && length > Packet.BYTES && !Packet.isListing(command)) {
      fault = "bad packet: too large, size must be 1500 bytes";
    }
    if (fault.isEmpty() && !secret.accepts(packet)) {
      fault = "auth failed: packet hash invalid";
    }
    if (!fault.isEmpty()) {
      return isAnswered(command) ? error(fault) : NO_REPLY;
    }
    try {
      return execute(command, nowMillis);
    } catch (MayflyException e) {
      return isAnswered(command) ? error(CounterErrors.text(e)) : NO_REPLY;
    }
  }

  private static boolean isAnswered(byte command) {
    return command != 'E' && command != 'R';
  }

  private int execute(byte command, long nowMillis) {
    byte[] namespace = namespace();
    return switch (command) {
      case 'P' -> {
        byte[] key = key();
        counters.hit(namespace, key, 1, nowMillis);
        peers.replicate(packet);
        yield head('P', 0);
      }
      case 'R' -> {
        counters.hit(namespace, key(), 1, nowMillis);
        yield NO_REPLY;
      }
      case 'C' -> number('C', counters.count(namespace, key(), nowMillis));
      case 'N' -> number('N', counters.countNamespace(namespace, nowMillis));
      case 'S' -> number('S', counters.countAll(nowMillis));
      case 'K', 'L' -> LISTING;
      case 'E' -> NO_REPLY;
      default -> error("unknown_command_" + (char) command);
    };
  }

  private byte[] namespace() {
    int end = Packet.NAMESPACE + Packet.NAMESPACE_BYTES;
    return Packet.trimmed(packet, Packet.NAMESPACE, end, namespaces);
  }

  private byte[] key() {
    return Packet.trimmed(packet, Packet.DATA, dataEnd, keys);
  }

  /** The listing that the request asks for, detached from it. */
  Listing listing() {
    return new Listing(Arrays.copyOf(packet, Packet.BYTES), packet[0] == 'K');
  }

  /**
   * Lists; safe on any thread.
   *
   * @param replyMax the longest answer
   * @return a whole answer, of 1500 bytes or more
   */
  byte[] list(Listing listing, int replyMax, long nowMillis) {
    try {
      byte[] data = join(listing.ofKeys() ? keys(listing, nowMillis) : namespaces(nowMillis));
      if (data.length > replyMax - Packet.DATA) {
        return refused(listing, TOO_LARGE_FOR_DATAGRAM);
      }
      return listed(listing, (char) listing.request()[0], data);
    } catch (MayflyException e) {
      return refused(listing, CounterErrors.text(e));
    }
  }

  /** The answer to a listing that cannot be made now. */
  byte[] refuse(Listing listing) {
    return refused(listing, OVERLOADED);
  }

  private List<byte[]> namespaces(long nowMillis) {
    return counters.namespaces(nowMillis);
  }

  /** A star stands for anything or an end; else the pattern is a regular expression. */
  private List<byte[]> keys(Listing listing, long nowMillis) {
    byte[] asked = listing.request();
    byte[] namespace =
        Packet.trimmed(
            asked, Packet.NAMESPACE, Packet.NAMESPACE + Packet.NAMESPACE_BYTES, new NameBuffers());
    byte[] text = Packet.trimmed(asked, Packet.DATA, Packet.BYTES, new NameBuffers());
    String pattern = new String(text, StandardCharsets.UTF_8).replace("*", "(^|$|.+)");
    KeyFilter filter = KeyFilter.pattern(new byte[0], pattern);
    return counters.keys(namespace, filter, LISTED_MAX + 1, nowMillis);
  }

  /** With line ends between; what a list of lines cannot hold is left out. */
  private static byte[] join(List<byte[]> names) {
    List<byte[]> shown = new ArrayList<>(names);
    shown.removeIf(PacketCodec::isUnlistable);
    long bytes = shown.stream().mapToLong(name -> name.length + 1L).sum();
    if (shown.size() > LISTED_MAX || bytes > LISTED_BYTES_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "reply too large, use a narrower pattern");
    }
    byte[] joined = new byte[(int) Math.max(0, bytes - 1)];
    int at = 0;
    for (byte[] name : shown) {
      System.arraycopy(name, 0, joined, at, name.length);
      at += name.length;
      if (at < joined.length) {
        joined[at++] = '\n';
      }
    }
    return joined;
  }

  private static boolean isUnlistable(byte[] name) {
    for (byte b : name) {
      if (b == '\n') {
        return true;
      }
    }
    return name.length == 1 && name[0] == '.';
  }

  private static byte[] refused(Listing listing, String text) {
    return listed(listing, 'E', errorData(text));
  }

  private static byte[] listed(Listing listing, char command, byte[] data) {
    byte[] answer =
        Arrays.copyOf(listing.request(), Packet.DATA + Math.max(data.length, Packet.DATA_BYTES));
    answer[0] = (byte) command;
    invertAuth(answer);
    Packet.writePadded(answer, Packet.DATA, answer.length - Packet.DATA, data);
    return answer;
  }

  private int number(char command, long count) {
    int value = (int) Math.min(count, COUNT_MAX);
    for (int i = 0; i < 4; i++) {
      packet[Packet.DATA + i] = (byte) (value >>> (8 * i));
    }
    return head(command, 4);
  }

  private int error(String text) {
    byte[] data = errorData(text);
    System.arraycopy(data, 0, packet, Packet.DATA, data.length);
    return head('E', data.length);
  }

  /** As much as a packet holds: what was asked for may be a part of the text. */
  private static byte[] errorData(String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    return data.length > Packet.DATA_BYTES ? Arrays.copyOf(data, Packet.DATA_BYTES) : data;
  }

  /** Writes all but the first bytes of the data, which are there. */
  private int head(char command, int dataLength) {
    packet[0] = (byte) command;
    Packet.writeSpaces(packet);
    invertAuth(packet);
    int end = Packet.DATA + dataLength;
    if (end < dataEnd) {
      Arrays.fill(packet, end, dataEnd, Packet.SPACE);
    }
    changed = Math.max(end, dataEnd);
    return Packet.BYTES;
  }

  private static void invertAuth(byte[] answer) {
    for (int i = 0; i < Packet.AUTH_BYTES; i++) {
      answer[Packet.AUTH + i] = (byte) ~answer[Packet.AUTH + i];
    }
  }
}
