package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.testing.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random, short, oversize and hostile datagrams against two servers that know the same secret:
 * nothing changes, nothing leaks, no answer is longer than what it answers, and answers that are
 * sent on to the other server come to an end. {@code -Dseed=} repeats a run; {@code -Dsoak=} makes
 * it ten million datagrams.
 */
class HostileDatagramsStressTest {
  private static final long SEED = Long.getLong("seed", 20_260_101);
  private static final int DATAGRAMS = Long.getLong("soak") == null ? 30_000 : 10_000_000;
  private static final String SECRET = "open sesame, forty thieves";
  private static final byte[] SECRET_BEGINNING = "open ses".getBytes(StandardCharsets.US_ASCII);
  private static final int HOPS_MAX = 3;
  private static final InetSocketAddress SENDER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  private final Random random = new Random(SEED);
  private final VirtualTime time = new VirtualTime();
  private final Server first = new Server();
  private final Server second = new Server();

  private final class Server {
    final MemoryCounters counters =
        new MemoryCounters(CounterConfig.forTests(CounterPolicy.ofWindow(60_000)), time);
    final CounterTraffic traffic = new CounterTraffic();
    final Listings listings = new Listings();
    final EmbeddedChannel channel;

    Server() {
      Secret secret = Secret.of(SECRET);
      ReplayWindow replays = new ReplayWindow(time.millis());
      channel =
          new EmbeddedChannel(
              new DatagramHandler(
                  new DatagramAnswers(
                      new PacketCodec(counters, new CounterPeers(List.of(), secret), secret),
                      new FrameCodec(counters, counters, secret, replays),
                      listings,
                      traffic,
                      time)));
    }

    /** What a datagram is answered; null: nothing. */
    byte @Nullable [] answer(byte[] datagram) {
      ByteBuf content = Unpooled.buffer(Math.max(DatagramAnswers.BYTES_MAX, datagram.length));
      content.writeBytes(datagram);
      channel.writeInbound(new DatagramPacket(content, SENDER, SENDER));
      DatagramPacket reply = channel.readOutbound();
      if (reply == null) {
        assertThat(content.refCnt()).as("references to what was not answered").isZero();
        return null;
      }
      byte[] bytes = new byte[reply.content().readableBytes()];
      reply.content().readBytes(bytes);
      assertThat(reply.release()).as("nobody else holds the reply").isTrue();
      DatagramPacket another = channel.readOutbound();
      assertThat(another).as("a second reply").isNull();
      return bytes;
    }

    void close() {
      var _ = channel.close();
      listings.end();
      counters.close();
    }
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Test
  void hostileDatagrams_changeNothing_leakNothing_andNeverLoop() {
    System.out.println("seed " + SEED);
    for (int i = 0; i < DATAGRAMS; i++) {
      byte[] datagram = hostile();
      byte[] answered = datagram;
      int hops = 0;
      for (Server next = first; answered != null; next = next == first ? second : first) {
        byte[] reply = next.answer(answered);
        if (reply != null) {
          // An answer to an answer inverts its bytes again: who sent it knew them.
          boolean told = hops == 0 && contains(reply);
          if (reply.length > answered.length || told) {
            throw new AssertionError(
                "datagram " + i + " of seed " + SEED + " is amplified or told");
          }
          if (++hops > HOPS_MAX) {
            throw new AssertionError(
                "datagram " + i + " of seed " + SEED + " is answered for ever");
          }
        }
        answered = reply;
      }
    }

    for (Server server : List.of(first, second)) {
      assertThat(server.counters.countAll(time.millis())).isZero();
      assertThat(server.counters.namespaces(time.millis())).isEmpty();
      assertThat(server.counters.stats().keys()).isZero();
    }
    assertThat(first.traffic.datagrams()).isGreaterThanOrEqualTo(DATAGRAMS);
  }

  @Test
  void goodDatagrams_areCounted_bySameMeans() {
    byte[] put = TestPackets.packet('P', SECRET, 1, "ns", "key");

    assertThat(first.answer(put)).hasSize(Packet.BYTES);
    assertThat(first.counters.countAll(time.millis())).isEqualTo(1);
  }

  private byte[] hostile() {
    return switch (random.nextInt(8)) {
      case 0 -> noise(random.nextInt(DatagramAnswers.BYTES_MAX + 1));
      case 1 -> packet("wrong" + random.nextInt());
      case 2 -> Arrays.copyOf(packet("wrong"), random.nextInt(Packet.BYTES));
      case 3 -> broken(packet(SECRET));
      case 4 -> Arrays.copyOf(packet("wrong"), Packet.BYTES + random.nextInt(600));
      case 5 -> question();
      case 6 -> frame(false);
      default -> frame(true);
    };
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Any command. */
  private byte[] packet(String secret) {
    char command = "PCNSRKLVTIEx".charAt(random.nextInt(12));
    return TestPackets.packet(command, secret, random.nextInt(), "ns" + random.nextInt(9), "key");
  }

  /** Right but for its head. */
  private byte[] broken(byte[] packet) {
    int[] places = {1, Packet.AUTH + random.nextInt(8), 10, 15, 80};
    packet[places[random.nextInt(places.length)]] ^= (byte) (1 + random.nextInt(255));
    return packet;
  }

  /** Right, and changes nothing: who knows the secret, or saw a packet, may send it on forged. */
  private byte[] question() {
    char command = "CNSVTIE".charAt(random.nextInt(7));
    return TestPackets.packet(command, SECRET, random.nextInt(), "ns", "key");
  }

  /** Unsigned, signed with another secret, or right and stale; and any operations in it. */
  private byte[] frame(boolean signed) {
    int head = signed ? Frame.SIGNED_HEAD : Frame.HEAD;
    int body = random.nextInt(200);
    byte[] frame = noise(head + body + (signed ? Frame.CODE_BYTES : 0));
    frame[0] = Frame.MAGIC_0;
    frame[1] = Frame.MAGIC_1;
    frame[2] = Frame.VERSION;
    frame[Frame.FLAGS] = (byte) ((signed ? Frame.SIGNED : 0) | (random.nextInt(9) == 0 ? 2 : 0));
    FrameOutput.putFixed(frame, Frame.LENGTH, 2, frame.length);
    FrameOutput.putFixed(frame, Frame.OPERATIONS, 2, random.nextInt(20));
    for (int at = head; at < head + body; at += 1 + random.nextInt(4)) {
      frame[at] = (byte) random.nextInt(11);
    }
    if (signed) {
      boolean known = random.nextBoolean();
      long stale = time.millis() - 1 - random.nextInt(100_000);
      FrameOutput.putFixed(frame, Frame.TIMESTAMP, Long.BYTES, known ? stale : time.millis());
      Secret secret = Secret.of(known ? SECRET : "another");
      new FrameSigner(secret).sign(frame, head + body);
    }
    return frame;
  }

  private static boolean contains(byte[] reply) {
    for (int i = 0; i + SECRET_BEGINNING.length <= reply.length; i++) {
      if (Arrays.equals(
          reply, i, i + SECRET_BEGINNING.length, SECRET_BEGINNING, 0, SECRET_BEGINNING.length)) {
        return true;
      }
    }
    return false;
  }
}
