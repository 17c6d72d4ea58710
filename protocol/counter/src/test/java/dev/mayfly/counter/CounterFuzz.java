package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.testing.ModelCounters;
import dev.mayfly.testing.ModelLimits;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * The decoders of this room against any bytes. Run with {@code make fuzz}; a plain test run tries
 * the corpus alone.
 */
class CounterFuzz {
  private static final long NOW = 1_700_000_000_000L;

  @FuzzTest(maxDuration = "1m")
  void packet_anyBytes_isAnsweredOnceAtMost(byte[] input) {
    ModelCounters counters = new ModelCounters(CounterPolicy.ofWindow(60_000), 1419);
    PacketCodec codec =
        new PacketCodec(counters, new CounterPeers(List.of(), Secret.NONE), Secret.NONE);
    System.arraycopy(input, 0, codec.request(), 0, Math.min(input.length, Packet.BYTES));

    int reply = codec.answer(input.length, NOW);
    if (reply == PacketCodec.LISTING) {
      reply = codec.list(codec.listing(), Packet.BYTES, NOW).length;
    }

    assertThat(reply).isIn(PacketCodec.NO_REPLY, Packet.BYTES);
    assertThat(counters.countAll(NOW)).isLessThanOrEqualTo(1);
  }

  @FuzzTest(maxDuration = "1m")
  void frame_anyBytes_getsNoLongerReply(byte[] input) {
    ModelCounters counters = new ModelCounters(CounterPolicy.ofWindow(60_000), 1419);
    FrameCodec codec =
        new FrameCodec(counters, new ModelLimits(), Secret.NONE, new ReplayWindow(NOW));

    int reply = codec.answer(input, input.length, input.length, NOW);

    assertThat(reply).isBetween(0, input.length);
    assertThat(codec.answer(codec.reply().clone(), reply, reply, NOW)).isZero();
  }

  @FuzzTest(maxDuration = "1m")
  void messages_anyBytesInPieces_areThoseOfTheWhole(byte[] input) {
    SpareBytes spare = new SpareBytes();
    MessageSplitter whole = new MessageSplitter(new MemoryBudget(Long.MAX_VALUE), spare);
    MessageSplitter pieces = new MessageSplitter(new MemoryBudget(Long.MAX_VALUE), spare);
    byte[] target = new byte[Packet.BYTES];
    add(whole, input);
    for (byte b : input) {
      add(pieces, b);
    }

    MessageSplitter.Next next;
    do {
      next = whole.next();
      assertThat(pieces.next()).isEqualTo(next);
      if (next == MessageSplitter.Next.PACKET) {
        assertThat(pieces.copyPacket(target)).isEqualTo(whole.copyPacket(target));
      } else if (next == MessageSplitter.Next.FRAME) {
        assertThat(pieces.frame()).isEqualTo(whole.frame());
      }
      pieces.trim();
    } while (next == MessageSplitter.Next.PACKET || next == MessageSplitter.Next.FRAME);
  }

  private static void add(MessageSplitter splitter, byte... some) {
    if (some.length > 0) {
      assertThat(splitter.add(Unpooled.wrappedBuffer(some))).isTrue();
    }
  }
}
