package dev.mayfly.counter;

import dev.mayfly.store.TimeSource;
import java.util.function.Consumer;

/**
 * Answers datagrams, packets and frames alike: never with more bytes than they came with, and a
 * packet only if it is a whole one. The clock is asked once for what is read together. Confined to
 * one thread. It owns the arrays, which each call overwrites.
 */
final class DatagramAnswers {
  /** The longest datagram that is read whole. */
  static final int BYTES_MAX = PacketCodec.REQUEST_BYTES;

  /** {@link #answer}: there is no answer. */
  static final int NO_REPLY = 0;

  /** {@link #answer}: call {@link #list}. */
  static final int LISTING = -1;

  private final PacketCodec packets;
  private final FrameCodec frames;
  private final Listings listings;
  private final CounterTraffic traffic;
  private final TimeSource time;
  private long nowMillis;
  private boolean frame;
  private int received;

  DatagramAnswers(
      PacketCodec packets,
      FrameCodec frames,
      Listings listings,
      CounterTraffic traffic,
      TimeSource time) {
    this.packets = packets;
    this.frames = frames;
    this.listings = listings;
    this.traffic = traffic;
    this.time = time;
  }

  /** Where the next request goes, up to {@link #BYTES_MAX} bytes of it. */
  byte[] request() {
    return packets.request();
  }

  /**
   * Does what the request asks.
   *
   * @param length how many bytes came, at most {@link #BYTES_MAX}
   * @return the length of the {@link #reply}, or one of the constants
   */
  int answer(int length) {
    if (received++ == 0) {
      nowMillis = time.millis();
    }
    byte[] request = packets.request();
    frame = Frame.begins(request, length);
    if (frame) {
      return frames.answer(request, length, length, nowMillis);
    }
    int reply = packets.answer(Math.min(length, Packet.BYTES), nowMillis);
    return length < Packet.BYTES ? NO_REPLY : reply;
  }

  /** The answer, if there is one. */
  byte[] reply() {
    return frame ? frames.reply() : packets.reply();
  }

  /** How many of the first bytes of an answer so long may differ from the request's. */
  int differing(int length) {
    return frame ? length : packets.changed();
  }

  /** What was read together is answered, so many of it by replies that were sent. */
  void end(int replies) {
    if (received > 0) {
      traffic.onDatagrams(received, replies);
      received = 0;
    }
  }

  /** Makes the listing that was asked for, on another thread, which gives the answer. */
  void list(Consumer<byte[]> reply) {
    PacketCodec.Listing listing = packets.listing();
    long now = nowMillis;
    boolean accepted =
        listings.tryRun(() -> reply.accept(packets.list(listing, Packet.BYTES, now)));
    if (!accepted) {
      reply.accept(packets.refuse(listing));
    }
  }
}
