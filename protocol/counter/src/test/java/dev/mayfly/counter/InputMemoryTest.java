package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Callers over TCP that send long messages but for their end. */
class InputMemoryTest extends CounterDoorFixture {
  private static final int CALLERS = 8;
  private static final int HALF_BYTES = 60_000;
  private static final int BURST = 200;
  private static final int FRAME_BYTES = 64_000;

  InputMemoryTest() {
    super(Kind.SINGLE);
  }

  @Test
  void callersThatSendHalfMessages_findNoMoreThanThereIs_andShortOnesGoOn() throws IOException {
    // One of them, and no whole read besides.
    inputBytesMax = 2 * HALF_BYTES;
    Node node = new Node();
    for (int i = 0; i < CALLERS; i++) {
      tcp(node).getOutputStream().write(half());
    }

    await(() -> node.traffic.inputCut() > 0);
    assertThat(node.traffic.inputBytes()).isPositive().isLessThanOrEqualTo(inputBytesMax);
    Socket good = tcp(node);
    good.getOutputStream().write(burst());
    for (int i = 0; i < BURST; i++) {
      assertThat(id(good.getInputStream().readNBytes(Packet.BYTES + 3))).isEqualTo(i);
    }
    closeSockets();
    await(() -> node.traffic.inputBytes() == 0);
  }

  /** What a long message took is others' when it has been answered. */
  @Test
  void longMessages_oneAfterTheOther_keepNothing() throws IOException {
    inputBytesMax = 256 << 10;
    Node node = new Node();
    for (int i = 0; i < CALLERS; i++) {
      Socket socket = tcp(node);
      byte[] frame = frame();
      socket.getOutputStream().write(frame);
      assertThat(socket.getInputStream().readNBytes(3)).startsWith(0x6d, 0xf2);
      await(() -> node.traffic.inputBytes() == 0);
    }

    assertThat(node.traffic.inputCut()).isZero();
  }

  private static byte[] burst() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < BURST; i++) {
      all.writeBytes(packet('P', i));
      all.writeBytes(MessageSplitter.STOP);
    }
    return all.toByteArray();
  }

  /** A packet that never ends. */
  private static byte[] half() {
    byte[] half = new byte[HALF_BYTES];
    half[0] = 'x';
    return half;
  }

  /** A frame that is refused, since nobody signed it. */
  private static byte[] frame() {
    byte[] frame = new byte[FRAME_BYTES];
    byte[] head = {0x6d, (byte) 0xf2, 2, 0, 0, 0, 1, 0, 1, 0, 0, 0};
    System.arraycopy(head, 0, frame, 0, head.length);
    FrameOutput.putFixed(frame, Frame.LENGTH, 2, FRAME_BYTES);
    return frame;
  }
}
