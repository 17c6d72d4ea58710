package dev.mayfly.counter;

import dev.mayfly.store.Counters;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The other servers of an old cluster: each put is sent to each of them once, as a packet of the
 * command R, and forgotten.
 *
 * <p>Safe for concurrent use. Before the door is open, and while a peer's packets pile up, puts are
 * dropped and counted.
 */
public final class CounterPeers {
  /** How many packets one hit of many events may become. */
  private static final long PACKETS_PER_HIT_MAX = 1_000;

  /** Sends packets. */
  interface Sender {
    /** Returns whether it took the packet, which it copies. */
    boolean send(byte[] packet, InetSocketAddress peer);
  }

  private final Secret secret;
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private volatile List<InetSocketAddress> addresses;
  private volatile @Nullable Sender sender;

  /** These, the server itself left out. */
  public CounterPeers(List<InetSocketAddress> addresses, Secret secret) {
    this.addresses = List.copyOf(addresses);
    this.secret = secret;
  }

  /** How many there are. */
  public int size() {
    return addresses.size();
  }

  /** Packets handed to the network. */
  public long sent() {
    return sent.get();
  }

  /** Events that no peer will hear of. */
  public long dropped() {
    return dropped.get();
  }

  /** Leaves out what turns out to be this server. */
  void leaveOut(List<InetSocketAddress> self) {
    addresses = addresses.stream().filter(peer -> !self.contains(peer)).toList();
  }

  List<InetSocketAddress> addresses() {
    return addresses;
  }

  void sender(@Nullable Sender connected) {
    sender = connected;
  }

  /** Sends a put on, with the id that it has. */
  void replicate(byte[] put) {
    if (addresses.isEmpty()) {
      return;
    }
    byte[] packet = Arrays.copyOf(put, Packet.BYTES);
    packet[0] = 'R';
    send(packet);
  }

  /** Sends events on that did not come as a put. */
  void replicate(byte[] namespace, byte[] key, long times) {
    if (addresses.isEmpty()) {
      return;
    }
    if (namespace.length > Packet.NAMESPACE_BYTES || key.length > Packet.DATA_BYTES) {
      dropped.addAndGet(times * addresses.size());
      return;
    }
    byte[] packet = new byte[Packet.BYTES];
    packet[0] = 'R';
    Packet.writeSpaces(packet);
    Packet.writePadded(packet, Packet.NAMESPACE, Packet.NAMESPACE_BYTES, namespace);
    Packet.writePadded(packet, Packet.DATA, Packet.DATA_BYTES, key);
    long packets = Math.min(times, PACKETS_PER_HIT_MAX);
    for (long i = 0; i < packets; i++) {
      int id = ids.incrementAndGet();
      for (int b = 0; b < Packet.ID_BYTES; b++) {
        packet[Packet.ID + b] = (byte) (id >>> (8 * b));
      }
      secret.sign(packet);
      send(packet);
    }
    dropped.addAndGet((times - packets) * addresses.size());
  }

  private void send(byte[] packet) {
    Sender connected = sender;
    for (InetSocketAddress peer : addresses) {
      if (connected != null && connected.send(packet, peer)) {
        sent.incrementAndGet();
      } else {
        dropped.incrementAndGet();
      }
    }
  }

  /** The same counters, whose hits the peers hear of: for doors other than this one. */
  public Counters replicating(Counters counters) {
    return new ReplicatedCounters(counters, this);
  }
}
